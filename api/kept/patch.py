"""The request of a variant: that of a kept footprint, with some of it changed."""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.parse import pointer
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.errors import Fault, StudyError

Json = dict[str, Any]
Path = tuple[str | int, ...]

_KINDS = (("lines", "bom", "line"), ("emissions", "emissions", "emission"))


@dataclass(frozen=True)
class Patched:
    """The request of a variant, and where the question names what stands in it.

    ``origins`` has, by the path of a line or emission in the request, its path in the question;
    ``path`` is that of the variant itself.
    """

    request: Json
    origins: Mapping[Path, Path]
    path: Path

    def pointer_of(self, place: str) -> str:
        """Return the pointer into the question for one into the request."""
        steps = [step.replace("~1", "/").replace("~0", "~") for step in place.split("/")[1:]]
        for length in (2, 4):  # of /bom/0 and of /assemblies/name/bom/0
            *bill, index = steps[:length] or [""]
            entry: Path = (*bill, int(index)) if index.isdecimal() else ()
            if entry in self.origins:
                return pointer([*self.origins[entry], *steps[length:]])
        if steps[:1] == ["bom"]:
            steps[0] = "lines"
        return pointer([*self.path, *steps])


def patched(request: Json, variant: Mapping[str, Any], path: Path) -> Patched:
    """Return a request with the changes of a variant.

    Lines and emissions are addressed by id, those of an assembly by ``assembly/id``, and are
    changed as by a JSON merge patch (RFC 7396): null takes out. All that have no id of their
    own are given the one they have in the answer, so that none is renamed by what goes.

    Raises
    ------
    StudyError
        With every line that is changed and is not there, or not the only one of its name.
    """
    found = copy.deepcopy(request)
    for name in ("location", "declared_unit", "methods"):
        if name in variant:
            found[name] = _merged(found.get(name), variant[name])
    origins: dict[Path, Path] = {}
    faults: list[Fault] = []
    for name, kind, prefix in _KINDS:
        changes = variant.get(name) or {}
        bills = list(_named_bills(found, kind, prefix))
        keys = Counter(key for _, _, entries in bills for key, _ in entries)
        faults += _faults(changes, keys, prefix, (*path, name))
        for where, bill, entries in bills:
            left = [
                (key, _merged(entry, changes[key]) if key in changes else entry)
                for key, entry in entries
                if key not in changes or changes[key] is not None
            ]
            bill[kind] = [entry for _, entry in left]
            for index, (key, _) in enumerate(left):
                origins[*where, kind, index] = (*path, name, key)
    if faults:
        raise StudyError(faults)
    for place, line in enumerate(_named_lines(variant.get("add") or [], request)):
        origins["bom", len(found["bom"])] = (*path, "add", place)
        found["bom"] = [*found["bom"], line]
    return Patched(found, origins, path)


def _named_bills(
    request: Json, kind: str, prefix: str
) -> Iterator[tuple[Path, Json, list[tuple[str, Json]]]]:
    """Yield the bills that have entries: path, bill, entries with their ids by address."""
    bills: list[tuple[str, Path, Json]] = [("", (), request)]
    for name, part in request.get("assemblies", {}).items():
        bills.append((f"{name}/", ("assemblies", name), part))
    for before, where, bill in bills:
        entries = [
            entry if entry.get("id") else {**entry, "id": f"{prefix}-{index}"}
            for index, entry in enumerate(bill.get(kind) or (), start=1)
        ]
        if entries:
            yield where, bill, [(f"{before}{entry['id']}", entry) for entry in entries]


def _named_lines(added: list[Any], request: Json) -> Iterator[Any]:
    """Yield lines that are added; those without an id have one that no kept line has had."""
    numbers = itertools.count(len(request["bom"]) + 1)
    taken = {each.get("id") for each in (*request["bom"], *added) if isinstance(each, dict)}
    names = (name for name in map("line-{}".format, numbers) if name not in taken)
    for line in added:
        yield line if line.get("id") else {**line, "id": next(names)}


def _faults(
    changes: Mapping[str, Any], keys: Counter[str], prefix: str, path: Path
) -> Iterator[Fault]:
    """Yield a fault per change of what is not there, or could be either of two."""
    for key in changes:
        where = pointer([*path, key])
        if keys[key] > 1:
            detail = f"the footprint has {keys[key]} {prefix}s that go by {key!r}"
            hint = "compute a footprint whose lines and emissions have ids of their own"
            yield Fault(where, "ambiguous_id", detail, hint)
        elif not keys[key]:
            detail = f"the footprint has no {prefix} {key!r}"
            yield Fault(where, f"unknown_{prefix}", detail, "", nearest_names(key, keys))


def _merged(old: Any, change: Any) -> Any:
    """Return a JSON value after a merge patch (RFC 7396)."""
    if not isinstance(change, dict):
        return change
    found = dict(old) if isinstance(old, dict) else {}
    for key, value in change.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = _merged(found.get(key), value)
    return found
