"""Exercises over HTTP: dealt, answered, graded by reason, explained."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from lca_service.engine import Engine
from lca_service.errors import DataError

URL = "/v1/exercises/electricity"


def sheet(client: TestClient, **query: Any) -> dict[str, Any]:
    response = client.get(URL, params={"country": "KE", "seed": 3, **query})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def solution(client: TestClient, **query: Any) -> dict[str, Any]:
    response = client.get(f"{URL}/solution", params={"country": "KE", "seed": 3, **query})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def attempt(client: TestClient, answers: Any, **also: Any) -> dict[str, Any]:
    body = {"country": "KE", "seed": 3, "answers": answers, **also}
    response = client.post(f"{URL}/attempts", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_the_course_is_listed_in_its_order(shipped: TestClient) -> None:
    found = shipped.get("/v1/exercises").json()
    orders = [each["order"] for each in found["items"]]
    assert orders == sorted(orders)
    assert found["total"] == len(orders)
    water = shipped.get("/v1/exercises", params={"topic": "water"}).json()["items"]
    assert water
    assert all("water" in each["topics"] for each in water)
    beginner = shipped.get("/v1/exercises", params={"level": "beginner"}).json()["items"]
    assert {each["level"] for each in beginner} == {"beginner"}


@pytest.mark.parametrize(
    ("header", "language"), [("ru, en;q=0.5", "ru"), ("de", "en"), ("zh-CN", "zh")]
)
def test_the_language_is_that_of_the_reader(
    shipped: TestClient, header: str, language: str
) -> None:
    response = shipped.get(URL, params={"country": "KE"}, headers={"Accept-Language": header})
    assert response.headers["content-language"] == language
    assert response.json()["language"] == language
    asked = shipped.get(
        URL, params={"country": "KE", "language": "es"}, headers={"Accept-Language": header}
    )
    assert asked.json()["country"]["name"] == "Kenia"


def test_a_learner_gets_what_is_needed_and_no_answer(shipped: TestClient) -> None:
    found = sheet(shipped)
    (use,) = (each for each in found["given"] if each["id"] == "use")
    assert use["text"] == f"{use['value']:g} MWh"
    grid = next(each for each in found["data"] if each["id"] == "grid")
    assert grid["activity"] == "electricity-low-voltage-supply@KE"
    assert grid["unit"] == "kg CO2e/kWh"
    assert grid["location"] == grid["asked"] == "KE"
    assert grid["sources"]
    assert {each for one in found["data"] for each in one["sources"]} <= {
        each["id"] for each in found["sources"]
    }
    solved = solution(shipped)
    right = next(each for each in solved["questions"] if each["id"] == "footprint")
    assert right["by_hand"] == pytest.approx(use["value"] * 1000 * grid["value"], rel=1e-12)
    assert str(right["answer"]) not in str(found)
    assert "{country}" not in found["story"]
    assert "Kenya" in found["story"]


def test_a_place_without_its_own_figure_is_served_from_above_and_told(
    shipped: TestClient,
) -> None:
    found = sheet(shipped, country="VA")
    grid = next(each for each in found["data"] if each["id"] == "grid")
    assert grid["asked"] == "VA"
    assert grid["location"] != "VA"


def test_an_answer_is_graded_by_reason(shipped: TestClient) -> None:
    solved = next(each for each in solution(shipped)["questions"] if each["id"] == "footprint")
    right = attempt(shipped, {"footprint": solved["by_hand"]})
    graded = next(each for each in right["questions"] if each["id"] == "footprint")
    assert (graded["verdict"], graded["diagnosis"], graded["hint"]) == ("right", None, None)
    for mistake in solved["mistakes"]:
        wrong = attempt(shipped, {"footprint": mistake["value"]})
        graded = next(each for each in wrong["questions"] if each["id"] == "footprint")
        assert graded["verdict"] == "wrong"
        assert graded["diagnosis"] == {"kind": mistake["kind"], "text": mistake["text"]}
        assert not wrong["solved"]


def test_every_attempt_gives_one_hint_further(shipped: TestClient) -> None:
    hints = next(each for each in solution(shipped)["questions"] if each["id"] == "footprint")[
        "hints"
    ]
    for number in range(1, len(hints) + 3):
        graded = attempt(shipped, {"footprint": 1}, attempt=number)["questions"]
        told = next(each for each in graded if each["id"] == "footprint")
        assert told["hint"] == hints[min(number, len(hints)) - 1]
        assert told["hints_left"] == max(len(hints) - number, 0)


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ({"amount": 2.5, "unit": "t"}, "en"),
        ({"amount": 2500000, "unit": "g"}, "en"),
        (2500, "en"),
        ("2,500", "en"),
        ("2.500", "es"),
        ("2\u202f500", "fr"),
        ({"amount": "2,5", "unit": "t"}, "ru"),
    ],
)
def test_an_answer_may_be_written_in_any_unit_and_as_in_any_language(
    shipped: TestClient, written: Any, language: str
) -> None:
    found = attempt(shipped, {"footprint": written}, language=language)
    graded = next(each for each in found["questions"] if each["id"] == "footprint")
    assert [each for each in graded["read_as"] if each.isdecimal()][:4] == list("2500")


@pytest.mark.parametrize(
    ("answers", "pointer", "code"),
    [
        ({"fotprint": 1}, "/answers/fotprint", "unknown_question"),
        ({"footprint": {"amount": 1, "unit": "kWh"}}, "/answers/footprint", "unit_mismatch"),
        ({"footprint": "much"}, "/answers/footprint", "bad_amount"),
        ({"footprint": True}, "/answers/footprint", "bad_value"),
        ({"footprint": {"amount": [], "unit": "kg"}}, "/answers/footprint/amount", "bad_value"),
        ({"footprint": {"amount": 1}}, "/answers/footprint/unit", "missing_field"),
        ({"footprint": None}, "/answers/footprint", "bad_value"),
        ([], "/answers", "bad_value"),
    ],
)
def test_an_answer_that_cannot_be_read_is_refused_with_its_place(
    shipped: TestClient, answers: Any, pointer: str, code: str
) -> None:
    response = shipped.post(f"{URL}/attempts", json={"country": "KE", "answers": answers})
    assert response.status_code == 422, response.text
    faults = response.json()["errors"]
    assert (pointer, code) in {(each["pointer"], each["code"]) for each in faults}
    assert len({each["pointer"] for each in faults}) == len(faults)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 422),
        ({"country": "Atlantis"}, 422),
        ({"country": "KE", "seed": -1}, 422),
        ({"country": "KE", "seed": 2**40}, 422),
        ({"country": "KE", "language": "de"}, 422),
        ({"country": "KE", "data_release": "1999.1"}, 422),
        ({"country": "KE", "format": "xlsx"}, 422),
    ],
)
def test_what_no_exercise_is_dealt_by_is_refused(
    shipped: TestClient, query: dict[str, Any], status: int
) -> None:
    response = shipped.get(URL, params=query)
    assert response.status_code == status
    assert response.json()["errors"]


def test_an_unknown_exercise_is_not_found_and_the_nearest_are_named(shipped: TestClient) -> None:
    response = shipped.get("/v1/exercises/electricty", params={"country": "KE"})
    assert response.status_code == 404
    assert "electricity" in response.json()["errors"][0]["allowed"]


def test_the_whole_working_shows_matrices_whose_products_are_the_answer(
    shipped: TestClient,
) -> None:
    url = "/v1/exercises/recipe-by-hand/solution"
    query = {"country": "ET", "seed": 2, "explain": "full"}
    found = shipped.get(url, params=query).json()
    given = {each["id"]: each["value"] for each in found["given"]}
    carbon = next(each for each in found["workings"] if each["indicator"].startswith("climate"))
    names = [each["id"] for each in carbon["columns"]]
    electricity, oil = names.index("generator"), names.index("press")
    matrix, supply = carbon["technosphere"], carbon["supply"]
    # A: outputs 1 on the diagonal, inputs as they are given, negative
    assert matrix[oil][electricity] == pytest.approx(-given["generator_oil"])
    assert matrix[electricity][oil] == pytest.approx(-given["press_electricity"])
    # s, by elimination of the loop
    wanted = (given["bread_electricity"] + given["press_electricity"] * given["bread_oil"]) / (
        1 - given["press_electricity"] * given["generator_oil"]
    )
    assert supply[electricity] == pytest.approx(wanted, rel=1e-12)
    # C B s: grams of methane a kWh, 27.0 kg CO2e a kg (IPCC AR6, Table 7.15)
    score = wanted * given["generator_methane"] / 1000 * 27.0
    assert carbon["value"] == pytest.approx(score, rel=1e-12)
    solved = next(each for each in found["questions"] if each["id"] == "carbon")
    assert solved["by_engine"] == pytest.approx(score, rel=1e-12)
    assert solved["by_hand"] == pytest.approx(score, rel=1e-3)
    assert all(each["pointer"] or each["figures"] for each in carbon["cells"])


def test_the_reference_model_is_a_request_that_anybody_can_send(shipped: TestClient) -> None:
    found = solution(shipped)
    (engine,) = (each["by_engine"] for each in found["questions"] if each["id"] == "footprint")
    answer = shipped.post("/v1/footprints", json=found["studies"]["here"]).json()
    (indicator,) = answer["indicators"]
    assert indicator["value"] == pytest.approx(engine, rel=1e-12)


def test_a_folder_of_exercises_that_are_wrong_is_told_at_the_start(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "own.yaml").write_text("title: no exercise\n", "utf-8")
    for folder in (tmp_path, tmp_path / "nowhere"):
        app = create_app(Settings(data_root=tmp_path, exercises=folder), engine=engine)
        with pytest.raises(DataError), TestClient(app):
            pass


def test_exercises_of_ones_own_stand_beside_those_that_are_shipped(
    engine: Engine, root: Path, tmp_path: Path
) -> None:
    own = (root / "datasets/exercises/electricity.yaml").read_text("utf-8")
    (tmp_path / "power-of-my-town.yaml").write_text(own.replace("order: 3", "order: 99"), "utf-8")
    chosen = Settings(data_root=tmp_path, exercises=tmp_path)
    client = TestClient(create_app(chosen, engine=engine))
    listed = [each["id"] for each in client.get("/v1/exercises").json()["items"]]
    assert listed[-1] == "power-of-my-town"
    assert "electricity" in listed
    found = client.get("/v1/exercises/power-of-my-town", params={"country": "TH"})
    assert found.status_code == 200
