"""Reading exercises: every way to be wrong is told with its place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.exercises.check import check_exercise, missing_texts
from api.exercises.files import read_exercise, read_exercises
from api.exercises.shape import Exercise
from lca_service.engine import Engine
from lca_service.errors import DataError


def read(folder: Path, written: dict[str, Any]) -> list[tuple[str, str]]:
    path = folder / "own.yaml"
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), "utf-8")
    return [(each.place, each.code) for each in read_exercise(path)[1]]


def test_an_exercise_that_is_whole_has_no_fault(tmp_path: Path, written: dict[str, Any]) -> None:
    assert read(tmp_path, written) == []


def change(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def changed(value: Any) -> None:
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to

    return changed


QUESTION = ("questions", 0)


@pytest.mark.parametrize(
    ("spoil", "place", "code"),
    [
        (change("minutes", to=1), "/minutes", "bad_exercise"),
        (change("hint", to="x"), "/hint", "bad_exercise"),
        (change("title", to={"de": "Strom"}), "/title/de/[key]", "bad_exercise"),
        (change("given", "power", "step", to=0.7), "/given/power", "bad_range"),
        (change("given", "power", "unit", to="kWhh"), "power", "unknown_unit"),
        (change("data", "grid", "flows", to=["co2-fossil"]), "/data/grid", "bad_datum"),
        (change("data", "grid", "factor", to="n2o"), "/data/grid", "bad_datum"),
        (change("data", "grid", "location", to="elsewhere"), "/data/grid", "unknown_place"),
        (change("results", "all", "study", to="shop"), "/results/all", "unknown_study"),
        (change(*QUESTION, "engine", to="al"), "/questions/total/engine", "unknown_name"),
        (change(*QUESTION, "engine", to="all +"), "/questions/total/engine", "bad_formula"),
        (change(*QUESTION, "answer", to=None), "/questions/total", "bad_question"),
        (change("questions", 1, "engine", to="all"), "/questions/larger", "bad_question"),
        (change("questions", 1, "id", to="total"), "/questions/total", "duplicate_id"),
        (
            change(*QUESTION, "mistakes", 0, "kind", to="forgot-stage"),
            "/questions/total/mistakes/forgot-stage",
            "unknown_mistake",
        ),
        (
            change(*QUESTION, "mistakes", 0, "set", to={"fright": "1"}),
            "/questions/total/mistakes/forgotten-stage",
            "unknown_name",
        ),
        (
            change(*QUESTION, "mistakes", 0, "set", to={}),
            "/questions/total/mistakes/forgotten-stage",
            "bad_mistake",
        ),
        (
            change("constants", to={"km": {"title": {"en": "x"}, "value": 1, "unit": "kg",
                                           "source": "Chosen for it"}}),
            "/constants/km",
            "reserved_name",
        ),
    ],
)  # fmt: skip
def test_a_fault_of_the_form_is_told_with_its_place(
    tmp_path: Path,
    written: dict[str, Any],
    spoil: Callable[[dict[str, Any]], None],
    place: str,
    code: str,
) -> None:
    spoil(written)
    assert (place, code) in read(tmp_path, written)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"", "bad_exercise"),
        (b"- a\n- b\n", "bad_exercise"),
        (b"a: [1\n", "bad_yaml"),
        (b"a: 1\na: 2\n", "bad_yaml"),
        (b"!!python/object/apply:os.system ['true']\n", "bad_yaml"),
        ("title: café".encode("latin-1"), "unreadable"),
    ],
)
def test_what_is_no_exercise_is_refused(tmp_path: Path, text: bytes, code: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_bytes(text)
    exercise, faults = read_exercise(path)
    assert exercise is None
    assert code in {each.code for each in faults}


def test_norway_is_a_country(tmp_path: Path, written: dict[str, Any]) -> None:
    path = tmp_path / "own.yaml"
    text = yaml.safe_dump(written, allow_unicode=True, sort_keys=False).replace("- ZA", "- NO")
    path.write_text(text, "utf-8")
    exercise, faults = read_exercise(path)
    assert not faults
    assert exercise is not None
    assert exercise.places["other"].usual == ["NO", "IN"]


def test_two_exercises_of_one_name_are_refused(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "power-and-freight.yaml").write_bytes((folder / "power-and-freight.yaml").read_bytes())
    assert list(read_exercises(folder)) == ["power-and-freight"]
    with pytest.raises(DataError, match="another exercise is called so"):
        read_exercises(folder, other)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        # by the engine the freight is twice that by hand
        (change("studies", "mill", "bom", 1, "amount", to="2 * freight"), "disagreement"),
        (change(*QUESTION, "answer", to="power"), "bad_formula"),
        (change(*QUESTION, "mistakes", 1, "set", to={"freight": "1.01 * freight"}),
         "not_told_apart"),
        (change(*QUESTION, "mistakes", 0, "set", to={"freight": "freight"}), "never_occurs"),
        (change("data", "grid", "product", to="tidal-power"), "no_data"),
        (change("questions", 1, "choices", "freight", "when", to="0"), "no_choice_holds"),
        (change("places", "other", "usual", to=["BR", "BR"]), "no_place"),
        (change("studies", "mill", "bom", 0, "product", to="tidal-power"), "unknown_product"),
        (change("studies", "mill", "bom", 0, "stage", to="making"), "bad_study"),
        (change("studies", "mill", "bom", 0, "location", to="Atlantis"), "unknown_location"),
    ],
)  # fmt: skip
def test_a_fault_of_the_numbers_is_told(
    tmp_path: Path,
    written: dict[str, Any],
    engine: Engine,
    spoil: Callable[[dict[str, Any]], None],
    code: str,
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), "utf-8")
    whole = {each.code for each in check_exercise(path, engine)}
    assert code not in whole
    spoil(written)
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), "utf-8")
    assert code in {each.code for each in check_exercise(path, engine)}


def test_a_text_without_a_language_is_missed(written: dict[str, Any]) -> None:
    assert missing_texts(Exercise.model_validate(written)) == []
    del written["questions"][0]["text"]["ru"]
    del written["goal"]["ru"]  # told to trainers: English and Chinese will do
    del written["story"]["zh"]
    assert missing_texts(Exercise.model_validate(written)) == [
        "/story: zh",
        "/questions/0/text: ru",
    ]
