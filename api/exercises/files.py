"""Reading exercises, and everything wrong in the form of one."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from api.exercises.derive import UNITS
from api.exercises.shape import Datum, Exercise
from api.exercises.words import words
from api.parse import pointer
from lca_service.catalogue.datapackage import knowledge_root
from lca_service.catalogue.formulas import FUNCTIONS
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.errors import DataError, DataFault, UnitMismatch
from lca_service.units import parse

_SHARED = "words.yaml"


def shipped_folder() -> Path:
    """Return the folder of the exercises that are shipped."""
    return knowledge_root() / "datasets" / "exercises"


def read_exercises(*folders: Path) -> dict[str, Exercise]:
    """Return the exercises of folders by id, in the order of the course.

    Raises
    ------
    DataError
        With everything that is wrong in any of them.
    """
    found: dict[str, Exercise] = {}
    faults: list[DataFault] = []
    for folder in folders:
        if not folder.is_dir():
            faults.append(DataFault(str(folder), "", "no_folder", "there is no such folder"))
        for path in sorted(folder.glob("*.yaml")):
            if path.name == _SHARED:
                continue
            exercise, wrong = read_exercise(path)
            faults += wrong
            if exercise is not None and exercise.id in found:
                faults.append(
                    DataFault(str(path), "id", "duplicate_id", "another exercise is called so")
                )
            elif exercise is not None:
                found[exercise.id] = exercise
    if faults:
        raise DataError(faults)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].order, pair[0])))


def read_exercise(path: Path) -> tuple[Exercise | None, list[DataFault]]:
    """Return the exercise of a file, None if it is none, and everything wrong in its form."""
    file = path.name
    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except OSError as error:
        return None, [DataFault(file, "", "unreadable", str(error.strerror))]
    except UnicodeDecodeError as error:
        return None, [DataFault(file, "", "unreadable", f"not UTF-8: byte {error.start}")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else ""
        detail = getattr(error, "problem", None) or "no YAML"
        return None, [DataFault(file, place, "bad_yaml", str(detail))]
    if not isinstance(raw, dict):
        return None, [DataFault(file, "", "bad_exercise", "an exercise is a mapping of fields")]
    try:
        exercise = Exercise.model_validate({**raw, "id": path.stem})
    except ValidationError as error:
        return None, [
            DataFault(file, pointer(each["loc"]), "bad_exercise", str(each["msg"]))
            for each in error.errors(include_url=False)
        ]
    return exercise, [DataFault(file, *each) for each in _faults(exercise)]


class _Loader(yaml.CSafeLoader):
    """YAML in which NO is Norway, and a key may stand only once."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: Any, node: Any, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"{key!r} stands twice", key_node.start_mark
            )
        seen.add(key)
    return dict(yaml.SafeLoader.construct_mapping(loader, node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _faults(exercise: Exercise) -> Iterator[tuple[str, str, str]]:
    """Yield place, code and detail of what is wrong in an exercise, whatever the release."""
    yield from _name_faults(exercise)
    for name, given in exercise.given.items():
        steps = (given.maximum - given.minimum) / given.step
        if steps < 1 or abs(steps - round(steps)) > 1e-6:
            yield (
                f"/given/{name}",
                "bad_range",
                "from minimum to maximum are no whole steps, or fewer than one",
            )
    for name, datum in exercise.data.items():
        yield from _datum_faults(exercise, name, datum)
    units = {
        **{name: each.unit for name, each in exercise.given.items()},
        **{name: each.unit for name, each in exercise.constants.items()},
        **{name: each.unit for name, each in exercise.formulas.items()},
    }
    for name, unit in units.items():
        try:
            parse(unit)
        except UnitMismatch as error:
            yield name, "unknown_unit", str(error)
    for name, result in exercise.results.items():
        if result.study not in exercise.studies:
            yield f"/results/{name}", "unknown_study", f"there is no study {result.study!r}"
    yield from _question_faults(exercise)


def _name_faults(exercise: Exercise) -> Iterator[tuple[str, str, str]]:
    groups: Mapping[str, Mapping[str, Any]] = {
        "given": exercise.given,
        "constants": exercise.constants,
        "data": exercise.data,
        "formulas": exercise.formulas,
        "results": exercise.results,
    }
    reserved = {*UNITS, *FUNCTIONS, "country"}
    seen: dict[str, str] = {}
    for group, names in groups.items():
        for name in names:
            if name in reserved:
                yield f"/{group}/{name}", "reserved_name", f"{name!r} is a unit or a function"
            if name in seen:
                yield f"/{group}/{name}", "duplicate_id", f"{name!r} is also in {seen[name]}"
            seen[name] = group


def _datum_faults(exercise: Exercise, name: str, datum: Datum) -> Iterator[tuple[str, str, str]]:
    place = f"/data/{name}"
    if bool(datum.product) == bool(datum.factor):
        yield place, "bad_datum", "give one of product and factor"
    asked = [bool(datum.indicator), bool(datum.flows), bool(datum.parameter)]
    if datum.product and sum(asked) != 1:
        yield place, "bad_datum", "of a product, give one of indicator, flows and parameter"
    if datum.factor and not datum.indicator:
        yield place, "bad_datum", "a factor needs the indicator it is of"
    is_code = datum.location.isupper() or datum.location.isdecimal()
    if datum.location and datum.location not in exercise.places and not is_code:
        yield place, "unknown_place", f"{datum.location!r} is no place of the exercise"


def _question_faults(exercise: Exercise) -> Iterator[tuple[str, str, str]]:
    names = {*exercise.given, *exercise.constants, *exercise.data, *exercise.formulas}
    known = words().diagnoses
    seen: set[str] = set()
    for question in exercise.questions:
        place = f"/questions/{question.id}"
        if question.id in seen:
            yield place, "duplicate_id", "another question is called so"
        seen.add(question.id)
        if bool(question.choices) == bool(question.answer):
            yield place, "bad_question", "give one of answer and choices"
        if len(question.choices) == 1:
            yield place, "bad_question", "one choice is none"
        if question.choices and question.engine:
            yield place, "bad_question", "the engine answers numbers; a choice rests on them"
        yield from _unknown(question.engine, {*exercise.results, *names}, f"{place}/engine")
        for mistake in question.mistakes:
            at = f"{place}/mistakes/{mistake.kind}"
            if mistake.kind not in known:
                near = ", ".join(nearest_names(mistake.kind, known))
                yield at, "unknown_mistake", f"no diagnosis {mistake.kind!r}; near: {near}"
            if not mistake.set and not mistake.answer:
                yield at, "bad_mistake", "a mistake sets a name, or has an answer of its own"
            if mistake.answer and question.choices:
                yield at, "bad_mistake", "of a choice, set what its conditions rest on"
            for name in mistake.set:
                if name not in names:
                    near = ", ".join(nearest_names(name, names))
                    yield at, "unknown_name", f"there is no {name!r}; near: {near}"


def _unknown(expression: str | None, names: set[str], place: str) -> Iterator[tuple[str, str, str]]:
    """Yield the names of an expression that are not known."""
    try:
        tree = ast.parse(expression or "0", mode="eval")
    except SyntaxError as error:
        yield place, "bad_formula", f"{expression!r}: {error.msg}"
        return
    known = {*names, *UNITS, *FUNCTIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in known:
            yield place, "unknown_name", f"there is no {node.id!r}"
