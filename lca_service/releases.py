"""Data releases: the open one, and those from before, which stay loadable.

The tables of every release that has been open are kept in the data folder, so that next year's
service still answers from this year's data.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

import platformdirs

from lca_service.catalogue.datapackage import (
    knowledge_files,
    knowledge_hash,
    knowledge_root,
    release_name,
)
from lca_service.engine import Engine
from lca_service.errors import DataError, UnknownName


class Releases:
    """The releases that a service can answer from.

    Parameters
    ----------
    current
        The engine on the open release.
    data_root
        Folder for everything that is written; default: the user's data folder.
    knowledge
        Folder of the tables of the open release; default: the shipped ones.
    """

    def __init__(
        self, current: Engine, data_root: Path | None = None, *, knowledge: Path | None = None
    ) -> None:
        self.current = current
        self._data_root = data_root or Path(platformdirs.user_data_dir("lca-service"))
        self._knowledge = knowledge
        self._opened = {current.catalogue.data_hash: current}
        self._opening: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    @property
    def _folder(self) -> Path:
        return self._data_root / "releases"

    def keep(self) -> None:
        """Keep the tables of the open release, if they are not kept yet.

        An engine on other tables than those is left as it is.
        """
        root = self._knowledge or knowledge_root()
        data_hash = self.current.catalogue.data_hash
        folder = self._folder / data_hash
        if folder.exists() or knowledge_hash(root) != data_hash:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._folder, prefix="making-") as making:
            made = Path(making) / "release"
            for path in knowledge_files(root):
                copy = made / path.relative_to(root)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
            try:
                made.rename(folder)
            except OSError:
                if not folder.exists():  # another process was no faster
                    raise

    @property
    def names(self) -> dict[str, str]:
        """The releases by the hash of their data, the open one first."""
        catalogue = self.current.catalogue
        found = {catalogue.data_hash: catalogue.release}
        if self._folder.is_dir():
            for folder in sorted(self._folder.iterdir(), reverse=True):
                if (folder / "datasets" / "release.json").exists() and folder.name not in found:
                    found[folder.name] = release_name(folder)
        return found

    def choose(self, pin: str) -> Engine:
        """Return the engine on the release that a pin names.

        Parameters
        ----------
        pin
            A name (``2026.1``), a beginning of names (``^2026``: the newest of 2026), or the
            hash of the data; empty for the open release.

        Raises
        ------
        UnknownName
            If no release is called so, or several are and none of them is open.
        """
        if not pin:
            return self.current
        names = self.names
        if pin in names:
            return self.of_hash(pin)
        if pin.startswith("^"):
            major = pin[1:]
            fit = [each for each in names.items() if each[1].split(".")[0] == major]
        else:
            fit = [each for each in names.items() if each[1] == pin]
        if not fit:
            known = tuple(dict.fromkeys(names.values()))
            raise UnknownName("unknown_release", pin, known, "see GET /v1/releases")
        newest = max((name for _, name in fit), key=_age)
        hashes = tuple(data_hash for data_hash, name in fit if name == newest)
        if self.current.catalogue.data_hash in hashes:
            return self.current
        if len(hashes) > 1:
            hint = f"{len(hashes)} releases are called {newest}: name the hash of the data"
            raise UnknownName("ambiguous_release", pin, hashes, hint)
        return self.of_hash(hashes[0])

    def of_hash(self, data_hash: str) -> Engine:
        """Return the engine on the release of a hash, compiling it if need be.

        Raises
        ------
        UnknownName
            If its tables are not kept, or this version of the engine cannot read them.
        """
        if data_hash in self._opened:
            return self._opened[data_hash]
        if data_hash not in self.names:
            raise UnknownName("unknown_release", data_hash, (), "its tables are not kept")
        with self._lock:
            opening = self._opening.setdefault(data_hash, threading.Lock())
        with opening:  # of this release alone: the others answer while it is compiled
            if data_hash not in self._opened:
                self._opened[data_hash] = self._open(data_hash)
            return self._opened[data_hash]

    def _open(self, data_hash: str) -> Engine:
        try:
            engine = Engine.open(self._data_root, knowledge=self._folder / data_hash)
        except DataError as error:
            hint = f"this engine cannot read its tables: {error}"
            raise UnknownName("unknown_release", data_hash, (), hint) from error
        if engine.catalogue.data_hash != data_hash:
            hint = f"its tables in {self._folder} have been changed"
            raise UnknownName("unknown_release", data_hash, (), hint)
        return engine


def _age(name: str) -> tuple[list[int], bool, str]:
    """Return what release names are ordered by; what is not final is older than what is.

    Examples
    --------
    >>> sorted(["2026.10", "2026.2", "2026.10-rc1"], key=_age)
    ['2026.2', '2026.10-rc1', '2026.10']
    """
    numbers, _, rest = name.partition("-")
    parts = [int(part) if part.isdecimal() else -1 for part in numbers.split(".")]
    return parts, not rest, rest
