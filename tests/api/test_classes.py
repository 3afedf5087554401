"""Classes: opened, joined, worked in, followed and read in a gradebook; and what they refuse."""

import csv
import io
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from api.app import create_app
from api.settings import Settings
from api.store.classes import Classes
from lca_service.engine import Engine

ASKED = {
    "name": "First group",
    "exercises": ["electricity", "recipe-by-hand"],
    "countries": ["KE", "ET"],
}
EXERCISE = "exercises/electricity"


class Room:
    """A class with its trainer, over HTTP."""

    def __init__(self, client: TestClient, **also: Any) -> None:
        self.client = client
        response = client.post("/v1/classes", json={**ASKED, **also})
        assert response.status_code == 200, response.text
        self.opened: dict[str, Any] = response.json()
        self.url = response.headers["content-location"]
        self.trainer = {"Class-Key": self.opened["key"]}

    def join(self, nickname: str, country: str = "KE") -> dict[str, str]:
        body = {"join_code": self.opened["join_code"], "nickname": nickname, "country": country}
        response = self.client.post("/v1/classes:join", json=body)
        assert response.status_code == 200, response.text
        return {"Class-Key": response.json()["key"]}

    def get(self, path: str, key: dict[str, str], **query: Any) -> Any:
        response = self.client.get(f"{self.url}/{path}", headers=key, params=query)
        assert response.status_code == 200, response.text
        return response.json()

    def answer(self, key: dict[str, str], answers: dict[str, Any]) -> dict[str, Any]:
        url = f"{self.url}/{EXERCISE}/attempts"
        response = self.client.post(url, headers=key, json={"answers": answers})
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    def solved(self, nickname: str) -> dict[str, Any]:
        """Return the right answers of a learner."""
        found = self.get(f"{EXERCISE}/solution", self.trainer, nickname=nickname)
        return {each["id"]: each["choice"] or each["by_hand"] for each in found["questions"]}


@pytest.fixture
def client(engine: Engine, tmp_path: Path) -> TestClient:
    url = f"sqlite:///{tmp_path / 'kept.sqlite'}"
    return TestClient(create_app(Settings(data_root=tmp_path, database_url=url), engine=engine))


@pytest.fixture
def room(client: TestClient) -> Room:
    return Room(client)


def test_learners_join_by_code_and_each_gets_a_variant_of_its_own(room: Room) -> None:
    keys = [room.join("heron"), room.join("kingfisher", "ET"), room.join("ibis")]
    sheets = [room.get(EXERCISE, key) for key in keys]
    assert [each["country"]["code"] for each in sheets] == ["KE", "ET", "KE"]
    assert sheets[0]["given"] != sheets[2]["given"]
    assert all(each["seed"] is None for each in sheets)  # by which the solution could be read
    assert room.get(EXERCISE, keys[0]) == sheets[0]
    listed = room.get("exercises", keys[0])
    assert [each["id"] for each in listed["items"]] == ASKED["exercises"]
    assert {each["attempts"] for each in listed["items"]} == {0}
    seen = room.client.get(room.url, headers=room.trainer).json()
    assert [each["nickname"] for each in seen["learners"]] == ["heron", "kingfisher", "ibis"]


def test_answers_are_graded_kept_and_read_in_the_gradebook(room: Room) -> None:
    heron, ibis = room.join("heron"), room.join("ibis", "ET")
    solution = room.get(f"{EXERCISE}/solution", room.trainer, nickname="heron")
    asked = next(each for each in solution["questions"] if each["id"] == "footprint")
    mistake = next(each for each in asked["mistakes"] if each["kind"].startswith("generation"))
    wrong = room.answer(heron, {"footprint": mistake["value"]})
    assert (wrong["attempt"], wrong["solved"]) == (1, False)
    told = next(each for each in wrong["questions"] if each["id"] == "footprint")
    assert told["diagnosis"]["kind"] == "generation-for-delivered"
    assert told["hint"] == asked["hints"][0]
    again = room.answer(heron, {"footprint": 1})
    assert (
        next(each for each in again["questions"] if each["id"] == "footprint")["hint"]
        == (asked["hints"][1])
    )
    right = room.answer(heron, room.solved("heron"))
    assert (right["attempt"], right["solved"]) == (3, True)
    assert not room.answer(ibis, {"footprint": 1})["solved"]

    book = room.get("gradebook", room.trainer)
    rows = {(each["nickname"], each["exercise"]): each for each in book["entries"]}
    assert len(rows) == 4
    row = rows["heron", "electricity"]
    assert (row["attempts"], row["solved"], row["solved_at_attempt"]) == (3, True, 3)
    assert row["right"] == row["questions"]
    assert row["diagnoses"] == ["generation-for-delivered"]
    assert rows["ibis", "recipe-by-hand"]["last"] is None
    assert book["diagnoses"][0] == {
        "exercise": "electricity",
        "question": "footprint",
        "diagnosis": "generation-for-delivered",
        "learners": 1,
    }
    url = f"{room.url}/gradebook"
    table = room.client.get(url, params={"format": "csv"}, headers=room.trainer)
    lines = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [(each["nickname"], each["attempts"]) for each in lines] == [
        ("heron", "3"), ("heron", "0"), ("ibis", "1"), ("ibis", "0")
    ]  # fmt: skip
    accept = {"Accept": table.headers["content-type"].split(";")[0]}
    assert room.client.get(url, headers=room.trainer | accept).content == table.content
    made = room.client.get(url, params={"format": "xlsx"}, headers=room.trainer).content
    sheets = load_workbook(io.BytesIO(made))
    assert [cell.value for cell in sheets["Learners"][2]][:3] == ["heron", "KE", 1]
    assert sheets["Mistakes"]["C2"].value == "generation-for-delivered"


def test_a_solution_is_read_once_the_trainer_opens_it(room: Room) -> None:
    heron = room.join("heron")
    url = f"{room.url}/{EXERCISE}/solution"
    assert room.client.get(url, headers=heron).status_code == 403
    opened = room.client.post(f"{url}:open", headers=room.trainer)
    assert opened.json()["opened"] == ["electricity"]
    assert room.client.get(url, headers=heron).json()["questions"]
    listed = room.get("exercises", heron)["items"]
    assert [each["solution"] for each in listed] == [True, False]
    unknown = room.client.get(url, headers=room.trainer, params={"nickname": "heran"})
    assert unknown.status_code == 404
    assert unknown.json()["errors"][0]["allowed"] == ["heron"]


def test_progress_comes_as_events_and_goes_on_where_it_stopped(room: Room) -> None:
    heron = room.join("heron")
    room.answer(heron, {"footprint": 1})
    url = f"{room.url}/events"
    response = room.client.get(url, headers=room.trainer, params={"follow": False})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in block.split("\r\n")) for block in
              response.text.strip().split("\r\n\r\n")]  # fmt: skip
    assert [each["event"] for each in events] == ["learner", "attempt"]
    assert json.loads(events[1]["data"])["nickname"] == "heron"
    room.join("ibis")
    after = room.trainer | {"Last-Event-ID": events[1]["id"]}
    for odd in ("1", "-", "9" * 30 + "-1", "1-" + "9" * 30, "a-b"):  # from the beginning, then
        odd_id = room.trainer | {"Last-Event-ID": odd}
        assert "heron" in room.client.get(url, headers=odd_id, params={"follow": False}).text
    later = room.client.get(url, headers=after, params={"follow": False}).text
    assert "ibis" in later
    assert "heron" not in later


def test_a_follower_is_told_until_the_class_is_closed(room: Room) -> None:
    heron = room.join("heron")
    url = f"{room.url}/events"
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(room.client.get, url, headers=room.trainer)
        time.sleep(0.3)
        room.answer(heron, {"footprint": 1})
        time.sleep(0.8)
        room.client.post(f"{room.url}:close", headers=room.trainer)
        text = following.result(timeout=20).text
    assert [line for line in text.splitlines() if line.startswith("event")] == [
        "event: learner", "event: attempt", "event: closed"
    ]  # fmt: skip


def test_a_closed_class_can_be_read_and_nothing_more(room: Room) -> None:
    heron = room.join("heron")
    room.answer(heron, {"footprint": 1})
    assert room.client.post(f"{room.url}:close", headers=room.trainer).json()["is_closed"]
    url = f"{room.url}/{EXERCISE}"
    late = room.client.post(f"{url}/attempts", headers=heron, json={"answers": {}})
    assert late.status_code == 409
    body = {"join_code": room.opened["join_code"], "nickname": "ibis", "country": "KE"}
    assert room.client.post("/v1/classes:join", json=body).status_code == 409
    assert room.get(EXERCISE, heron)["exercise"] == "electricity"
    assert room.get("gradebook", room.trainer)["entries"][0]["attempts"] == 1


def test_a_class_is_removed_with_all_that_was_done(room: Room) -> None:
    room.answer(room.join("heron"), {"footprint": 1})
    assert room.client.delete(room.url, headers=room.trainer).status_code == 204
    assert room.client.get(room.url, headers=room.trainer).status_code == 404
    store = Classes(room.client.app.state.database)  # type: ignore[attr-defined]
    assert store.learners(room.opened["id"]) == []
    assert store.attempts(room.opened["id"]) == []


def test_keys_open_only_what_is_theirs(room: Room, client: TestClient) -> None:
    heron, other = room.join("heron"), Room(client, name="Other")
    for path, key, status in (
        ("", {}, 401),
        ("", heron, 403),
        ("", other.trainer, 403),
        ("/gradebook", heron, 403),
        ("/events", {}, 401),
        ("/exercises", room.trainer, 403),
        ("/exercises", other.join("ibis"), 403),
        (f"/{EXERCISE}/solution", {}, 401),
    ):
        response = client.get(room.url + path, headers=key)
        assert response.status_code == status, (path, status)
        assert response.headers["content-type"] == "application/problem+json"
        assert ("www-authenticate" in response.headers) == (status == 401)
    assert client.delete(room.url, headers=heron).status_code == 403
    kept = Classes(client.app.state.database).get(room.opened["id"])  # type: ignore[attr-defined]
    assert room.opened["key"] not in str(vars(kept))  # a hash alone is kept


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"nickname": "heron"}, "/nickname", "nickname_taken"),
        ({"nickname": ""}, "/nickname", "bad_value"),
        ({"nickname": " \u00a0 "}, "/nickname", "bad_value"),
        ({"nickname": " heron "}, "/nickname", "nickname_taken"),
        ({"nickname": "x" * 41}, "/nickname", "bad_value"),
        ({"country": "BR"}, "/country", "unknown_location"),
        ({"country": "Utopia"}, "/country", "unknown_location"),
        ({"join_code": "NONE"}, "/join_code", "unknown_class"),
        ({"email": "a@example.org"}, "/email", "unknown_field"),
    ],
)
def test_who_cannot_join_is_told_why(
    room: Room, change: dict[str, str], pointer: str, code: str
) -> None:
    room.join("heron")
    body = {"join_code": room.opened["join_code"], "nickname": "ibis", "country": "KE", **change}
    response = room.client.post("/v1/classes:join", json=body)
    assert response.status_code == 422
    faults = response.json()["errors"]
    assert [(each["pointer"], each["code"]) for each in faults] == [(pointer, code)]


def test_every_fault_of_a_class_is_told_at_once(client: TestClient) -> None:
    body = {"name": "x", "exercises": ["electricity", "elektricity"], "countries": ["KE", "Utopia"]}
    faults = client.post("/v1/classes", json=body).json()["errors"]
    assert [(each["pointer"], each["code"]) for each in faults] == [
        ("/exercises/1", "unknown_exercise"), ("/countries/1", "unknown_location")
    ]  # fmt: skip
    assert client.post("/v1/classes", json={"language": "de"}).status_code == 422


def test_what_the_class_is_not_asked_is_not_found(room: Room) -> None:
    heron = room.join("heron")
    assert room.client.get(f"{room.url}/exercises/t-shirt", headers=heron).status_code == 404


def test_names_are_harmless_in_a_spreadsheet(room: Room) -> None:
    room.join("=1+1")
    query = {"format": "csv"}
    table = room.client.get(f"{room.url}/gradebook", params=query, headers=room.trainer)
    assert ",'=1+1," in table.content.decode("utf-8-sig")


def test_forty_learners_make_ten_attempts_each_in_a_minute(room: Room) -> None:
    started = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(room.join, [f"learner {n}" for n in range(40)]))

        def work(key: dict[str, str]) -> list[int]:
            room.get(EXERCISE, key)
            return [room.answer(key, {"footprint": n + 1})["attempt"] for n in range(10)]

        numbers = list(pool.map(work, keys))
    assert numbers == [list(range(1, 11))] * 40
    assert time.perf_counter() - started < 60
    seen = room.client.get(room.url, headers=room.trainer).json()["learners"]
    assert sorted(each["number"] for each in seen) == list(range(1, 41))
    assert {each["attempts"] for each in seen} == {10}


def test_attempts_of_one_learner_at_once_have_numbers_of_their_own(room: Room) -> None:
    heron = room.join("heron")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: room.answer(heron, {"footprint": n}), range(1, 17)))
    assert sorted(each["attempt"] for each in made) == list(range(1, 17))
