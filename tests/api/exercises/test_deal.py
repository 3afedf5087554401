"""Dealing: seeded, solvable, and every diagnosis told apart."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from api.exercises.book import Book, deal_in, set_in
from api.exercises.deal import deal, near
from api.exercises.grade import grade
from api.exercises.shape import Exercise
from api.schemas.exercises import Verdict
from lca_service.engine import Engine
from lca_service.errors import StudyError, UnknownName

ID = "power-and-freight"


def test_the_answer_is_derived_from_what_is_told(book: Book, tiny: Engine) -> None:
    dealt = book.deal(ID, tiny, "IN", 3)
    power, freight = (dealt.variant.given[name] for name in ("power", "freight"))
    assert 3 <= power <= 12
    assert power * 2 == int(power * 2)
    assert freight in (40, 50, 60, 70, 80, 90)
    # of four digits: 1.045 kg CO2e/kWh, 0.0074 kg CO2e/(t*km)
    expected = dealt.variant.expected["total"]
    assert expected.right == pytest.approx(1.045 * power + 0.0074 * freight, rel=1e-12)
    mistakes = dict(reversed(expected.mistakes))
    assert mistakes["forgotten-stage"] == pytest.approx(1.045 * power, rel=1e-12)
    assert mistakes["double-counting"] == pytest.approx(
        1.045 * power + 3 * 0.0074 * freight, rel=1e-12
    )
    thousandfold = [value for kind, value in expected.mistakes if kind == "thousandfold-unit"]
    assert thousandfold == pytest.approx([1000 * expected.right, expected.right / 1000])


def test_the_engine_agrees_with_the_derivation_by_hand(book: Book, tiny: Engine) -> None:
    dealt = book.deal(ID, tiny, "IN", 3)
    total, larger = dealt.exercise.questions
    results = dealt.reference.results()
    assert results["all"] == pytest.approx(results["power_alone"] + results["sold"], rel=1e-12)
    engine = dealt.reference.answer(total, results)
    assert engine == pytest.approx(results["all"], rel=1e-12)
    # told with four digits, no further apart than half a unit of the last
    assert dealt.variant.expected["total"].right == pytest.approx(engine, rel=5e-4)
    assert dealt.reference.answer(larger, results) is None


def test_a_variant_follows_from_exercise_country_and_seed(book: Book, tiny: Engine) -> None:
    alone = book.deal(ID, tiny, "IN", 7)
    among = book.deal_many(ID, tiny, "IN", range(5, 9))[2]
    assert alone.variant == among.variant
    assert alone.places == among.places == {"country": "IN", "other": "ZA"}
    assert book.deal(ID, tiny, "IND", 7).variant == alone.variant
    assert book.deal(ID, tiny, "ZA", 7).places == {"country": "ZA", "other": "IN"}


def test_what_lies_within_twice_the_tolerance_is_not_dealt(
    exercise: Exercise, tiny: Engine
) -> None:
    setting = set_in(exercise, tiny, "IN")
    for dealt in deal_in(exercise, tiny, setting, range(300)):
        expected = dealt.variant.expected["total"]
        assert not expected.untold
        answers = [("right", expected.right), *expected.mistakes]
        for place, (one, first) in enumerate(answers):
            for other, second in answers[place + 1 :]:
                if one != other:
                    assert not near(np.array(first), np.array(second), 2 * 0.02), (one, other)


def test_mistakes_that_no_variant_tells_apart_are_not_diagnosed(
    written: dict[str, Any], tiny: Engine
) -> None:
    # a hundredth of the freight is 0.05 % from none: both are lost, and neither is said
    written["questions"][0]["mistakes"][1]["set"] = {"freight": "freight / 100"}
    exercise = Exercise.model_validate({**written, "id": "own"})
    (dealt,) = deal_in(exercise, tiny, set_in(exercise, tiny, "IN"), [0])
    expected = dealt.variant.expected["total"]
    assert set(expected.untold) == {"forgotten-stage", "double-counting"}
    assert {kind for kind, _ in expected.mistakes} == {"thousandfold-unit"}
    power = dealt.variant.given["power"] * 1.045
    assert grade(exercise.questions[0], expected, power).diagnosis == ""


def test_a_mistake_that_changes_nothing_in_a_country_does_not_occur_there(
    written: dict[str, Any], tiny: Engine
) -> None:
    written["questions"][0]["mistakes"].append(
        {"kind": "other-country-grid", "set": {"grid": "grid * 1"}}
    )
    exercise = Exercise.model_validate({**written, "id": "own"})
    (dealt,) = deal_in(exercise, tiny, set_in(exercise, tiny, "IN"), [0])
    expected = dealt.variant.expected["total"]
    assert "other-country-grid" not in {kind for kind, _ in expected.mistakes}
    assert not expected.untold


def test_no_two_learners_have_the_same_and_neighbours_share_no_answer(
    book: Book, tiny: Engine
) -> None:
    dealt = [book.deal_to(ID, tiny, "IN", first=100, number=each) for each in range(1, 41)]
    given = [tuple(each.variant.given.values()) for each in dealt]
    assert len(set(given)) == 40
    question = dealt[0].exercise.questions[0]
    for one, other in pairwise(dealt):
        answer = one.variant.expected["total"].right
        found = grade(question, other.variant.expected["total"], answer)
        assert found.verdict is Verdict.WRONG
    # and the variant of a number is the same whenever it is asked for
    assert book.deal_to(ID, tiny, "IN", first=100, number=17).seed == dealt[16].seed


def test_data_that_are_missing_are_named(written: dict[str, Any], tiny: Engine) -> None:
    written["data"]["grid"]["product"] = "electricity-tidal"
    written["data"]["ship"]["indicator"] = "climate_change.sum"
    exercise = Exercise.model_validate({**written, "id": "own"})
    with pytest.raises(StudyError) as raised:
        set_in(exercise, tiny, "IN")
    found = [(each.pointer, each.code, each.detail.split(":")[0]) for each in raised.value.faults]
    assert found == [("/country", "no_data", "grid"), ("/country", "no_data", "ship")]


def test_an_unknown_exercise_or_country_is_refused(book: Book, tiny: Engine) -> None:
    with pytest.raises(UnknownName, match="power-and-fright"):
        book.deal("power-and-fright", tiny, "IN", 0)
    with pytest.raises(StudyError, match="unknown location"):
        book.deal(ID, tiny, "XX", 0)


def test_an_exercise_without_dealt_amounts_is_the_same_for_all(
    written: dict[str, Any], tiny: Engine
) -> None:
    power = written["given"].pop("power")
    written["constants"] = {
        "power": {"title": power["title"], "value": 4, "unit": "kWh", "source": "Chosen for it"}
    }
    freight = written["given"].pop("freight")
    written["constants"]["freight"] = {
        "title": freight["title"], "value": 90, "unit": "t*km", "source": "Chosen for it"
    }  # fmt: skip
    exercise = Exercise.model_validate({**written, "id": "own"})
    facts = set_in(exercise, tiny, "IN").facts
    one, other = deal(exercise, facts, "IN", [1, 2])
    assert one == other
    assert one.expected["total"].right == pytest.approx(4 * 1.045 + 90 * 0.0074)
