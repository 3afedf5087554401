"""Data Packages on disk: finding, reading, hashing and sealing them."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lca_service.catalogue.tables import schema
from lca_service.errors import DataError, DataFault

Row = dict[str, str]

_PACKAGE_FILE = "datapackage.json"
_KNOWLEDGE_SUFFIXES = {".csv", ".json", ".yaml"}
# questions under datasets/, asked of the release: none of its figures rests on them
_QUESTIONS = frozenset({"criteria", "exercises", "hotspots", "measures"})


def knowledge_root() -> Path:
    """Return the folder that holds ``datasets/`` and ``methods/``.

    A checkout has them beside the package; a wheel carries them inside it.
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package.parent, package / "_knowledge"):
        if (candidate / "datasets").is_dir() and (candidate / "methods").is_dir():
            return candidate
    raise DataError(
        [
            DataFault(
                str(package),
                "-",
                "no_knowledge",
                "no datasets/ and methods/ found beside it",
            )
        ]
    )


@dataclass(frozen=True)
class Table:
    """One table of a package: its kind, licence and rows as text."""

    path: Path
    name: str
    kind: str
    licence: str

    @property
    def file(self) -> str:
        """Path as people name it: package folder and file."""
        return f"{self.path.parent.parent.name}/{self.path.parent.name}/{self.path.name}"

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Yield the line number and the cells of every row."""
        with self.path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            for row in reader:
                yield reader.line_num, row


@dataclass(frozen=True)
class Package:
    """A folder with a ``datapackage.json``."""

    folder: Path

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """The parsed ``datapackage.json``."""
        text = (self.folder / _PACKAGE_FILE).read_text(encoding="utf-8")
        parsed: dict[str, Any] = json.loads(text)
        return parsed

    @property
    def name(self) -> str:
        """Name of the package's folder."""
        return self.folder.name

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Tables of the package, as the descriptor lists them."""
        default = self.descriptor.get("licenses", [])
        return tuple(
            Table(
                path=self.folder / resource["path"],
                name=resource["name"],
                kind=resource["kind"],
                licence=" AND ".join(item["name"] for item in resource.get("licenses", default)),
            )
            for resource in self.descriptor["resources"]
        )

    def of_kind(self, kind: str) -> tuple[Table, ...]:
        """Return the tables of one kind."""
        return tuple(table for table in self.tables if table.kind == kind)


def packages(root: Path, floor: str) -> tuple[Package, ...]:
    """Return the packages under ``datasets`` or ``methods``, sorted by name."""
    return tuple(Package(path.parent) for path in sorted((root / floor).glob(f"*/{_PACKAGE_FILE}")))


def knowledge_files(root: Path) -> list[Path]:
    """Return every file that results depend on, sorted by path."""
    return sorted(
        path
        for floor in ("datasets", "methods")
        for path in (root / floor).rglob("*")
        if path.suffix in _KNOWLEDGE_SUFFIXES
        and path.is_file()
        and path.parent.name not in _QUESTIONS
    )


def knowledge_hash(root: Path) -> str:
    """Return the sha256 of all tables, templates and descriptors, as hexadecimal text."""
    digest = hashlib.sha256()
    for path in knowledge_files(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def release_name(root: Path) -> str:
    """Return the name of the data release, e.g. ``2026.1``."""
    release: dict[str, str] = json.loads((root / "datasets" / "release.json").read_text("utf-8"))
    return release["release"]


def release_year(release: str) -> int:
    """Return the year in the name of a release.

    Examples
    --------
    >>> release_year("2026.1")
    2026
    """
    return int(release.split(".")[0])


def seal(package: Package) -> bool:
    """Write schema, hash and size of every table into the descriptor.

    Returns
    -------
    bool
        Whether the file changed.
    """
    descriptor = json.loads(json.dumps(package.descriptor))
    sources = next((table.name for table in package.of_kind("sources")), "sources")
    for resource in descriptor["resources"]:
        content = (package.folder / resource["path"]).read_bytes()
        resource |= {
            "type": "table",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": schema(resource["kind"], sources=sources),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "bytes": len(content),
        }
    text = json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n"
    path = package.folder / _PACKAGE_FILE
    if path.read_text(encoding="utf-8") == text:
        return False
    path.write_text(text, encoding="utf-8", newline="\n")
    return True
