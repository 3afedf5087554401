"""Footprints that are kept: as they were answered, with what they are made of."""

import json
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from lca_service.catalogue.datapackage import packages, seal
from lca_service.engine import Engine
from lca_service.errors import UnknownName
from lca_service.releases import Releases

PATH = "/v1/footprints"
JSON = {"Content-Type": "application/json"}


def settings(folder: Path) -> Settings:
    return Settings(
        data_root=folder, database_url=f"sqlite:///{folder / 'kept.sqlite'}", sample_banks=0
    )


@pytest.fixture
def service(tiny: Engine, tmp_path: Path) -> TestClient:
    return TestClient(create_app(settings(tmp_path), engine=tiny))


@pytest.fixture
def kept(service: TestClient, request_body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = service.post(PATH, json=request_body).json()
    return found


def test_a_footprint_is_found_again_as_it_was_answered(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    posted = service.post(PATH, json=request_body)
    address = posted.headers["content-location"]
    assert address == f"{PATH}/{posted.json()['id']}"
    found = service.get(address)
    assert found.content == posted.content
    assert found.headers["etag"] == posted.headers["etag"]
    again = service.get(address, headers={"If-None-Match": found.headers["etag"]})
    assert again.status_code == 304
    assert service.get(f"{address}/request").json() == request_body


def test_two_requests_are_two_footprints_unless_they_have_one_key(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    def post(key: str, body: Any) -> Any:
        return service.post(PATH, json=body, headers={"Idempotency-Key": key} if key else {})

    assert post("", request_body).json()["id"] != post("", request_body).json()["id"]
    first = post("order-1", request_body)
    assert post("order-1", request_body).content == first.content
    other = post("order-1", {**request_body, "name": "Another bag"})
    assert other.status_code == 422
    assert other.json()["errors"][0]["code"] == "idempotency_key_reused"
    assert service.get(PATH).json()["total"] == 3
    assert post("order-1", {**request_body, "location": "nowhere"}).status_code == 422
    bad = post("order-2", {**request_body, "location": "nowhere"})
    assert bad.json()["errors"][0]["code"] == "unknown_location"
    assert post("order-2", request_body).status_code == 200  # a refusal binds no key


def test_one_key_at_the_same_time_keeps_one_footprint(
    tiny: Engine, tmp_path: Path, request_body: dict[str, Any]
) -> None:
    service = TestClient(create_app(settings(tmp_path), engine=tiny))
    with ThreadPoolExecutor(8) as pool:
        found = set(
            pool.map(
                lambda _: (
                    service.post(PATH, json=request_body, headers={"Idempotency-Key": "k"}).content
                ),
                range(24),
            )
        )
    assert len(found) == 1
    assert service.get(PATH).json()["total"] == 1


def test_footprints_are_listed_newest_first_and_by_what_they_are(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    for name in ("Red bag", "Blue bag", "100% sack"):
        service.post(PATH, json={**request_body, "name": name})
    page = service.get(PATH, params={"limit": 2}).json()
    assert [each["name"] for each in page["items"]] == ["100% sack", "Blue bag"]
    assert page["total"] == 3
    rest = service.get(service.get(PATH, params={"limit": 2}).links["next"]["url"]).json()
    assert [each["name"] for each in rest["items"]] == ["Red bag"]
    found = service.get(PATH, params={"name": "BAG"}).json()
    assert found["total"] == 2
    assert service.get(PATH, params={"name": "0%"}).json()["total"] == 1
    assert service.get(PATH, params={"name": "%"}).json()["total"] == 1
    assert service.get(PATH, params={"location": "KE"}).json()["total"] == 0
    late = page["items"][0]["created"]
    assert service.get(PATH, params={"created_from": late}).json()["total"] == 1
    assert service.get(PATH, params={"created_until": late}).json()["total"] == 2
    of_input = {"input_sha256": page["items"][0]["input_sha256"]}
    assert service.get(PATH, params=of_input).json()["total"] == 1


def test_a_removed_footprint_is_gone(service: TestClient, kept: dict[str, Any]) -> None:
    address = f"{PATH}/{kept['id']}"
    assert service.delete(address).status_code == 204
    for response in (service.get(address), service.delete(address)):
        assert response.status_code == 404
        assert response.json()["errors"][0]["code"] == "unknown_footprint"


@pytest.mark.parametrize("by", ["line", "stage", "activity", "flow", "location"])
def test_contributions_sum_to_the_value(service: TestClient, kept: dict[str, Any], by: str) -> None:
    for limit in (1, 50):
        found = service.get(
            f"{PATH}/{kept['id']}/contributions", params={"by": by, "limit": limit}
        ).json()
        values = {each["id"]: each["value"] for each in kept["indicators"]}
        assert {each["id"] for each in found["indicators"]} == set(values)
        for each in found["indicators"]:
            if values[each["id"]] is None:
                assert each["contributions"] == []
                assert each["reason"]
            else:
                total = sum(part["value"] for part in each["contributions"])
                assert total == pytest.approx(values[each["id"]], rel=1e-9)


def test_contributions_have_trees_as_deep_as_asked(
    service: TestClient, kept: dict[str, Any]
) -> None:
    def levels(branches: list[Any]) -> int:
        return max((1 + levels(each["children"]) for each in branches), default=0)

    for depth in (0, 1, 3):
        params = {"depth": depth, "limit": 100}
        answer = service.get(f"{PATH}/{kept['id']}/contributions", params=params).json()
        found = {each["id"]: levels(each["tree"]) for each in answer["indicators"]}
        assert found["climate_change.total"] == depth
        assert all(found[each["id"]] == 0 for each in answer["indicators"] if each["value"] is None)


def test_a_tree_is_cut_to_its_largest_branches(service: TestClient, kept: dict[str, Any]) -> None:
    def tree(**params: Any) -> Any:
        return service.get(f"{PATH}/{kept['id']}/tree", params=params).json()

    def sizes(branches: list[Any]) -> list[float]:
        return [abs(b["value"]) for each in branches for b in (each, *flat(each["children"]))]

    def flat(branches: list[Any]) -> list[Any]:
        return [b for each in branches for b in (each, *flat(each["children"]))]

    whole = tree(depth=4, nodes=1000, cut_off=0)
    assert whole["cut"] == 0
    small = tree(depth=4, nodes=3, cut_off=0)
    assert small["nodes"] == 3
    assert small["cut"] > 0

    assert sorted(sizes(small["tree"]))[-3:] == sorted(sizes(whole["tree"]))[-3:]
    assert tree(cut_off=1.0, depth=2)["nodes"] <= 1
    coarse, usual, fine = (
        tree(depth=8, nodes=1000, cut_off=share) for share in (0.01, 0.001, 0.00001)
    )
    assert coarse["nodes"] < usual["nodes"] < fine["nodes"] < 1000
    for share, found in ((0.01, coarse), (0.001, usual), (0.00001, fine)):
        assert min(sizes(found["tree"])) >= share * abs(found["value"])
        assert found["cut"] > 0
    assert tree(depth=8, nodes=1000) == usual
    last = fine["tree"][0]
    assert last["children"]
    below = tree(depth=1, cut_off=0.9, branch=[last["id"]])  # it is found, whatever is cut
    assert below["nodes"] + below["cut"] >= len(last["children"])
    opened: list[str] = []
    branches = whole["tree"]
    while branches:  # step by step to the end of the largest: as in the whole
        opened.append(branches[0]["id"])
        branches = branches[0]["children"]
        step = tree(depth=1, nodes=1000, cut_off=0, branch=opened)
        assert step["branch"] == opened
        if len(opened) < 4:
            assert [(each["id"], each["value"]) for each in step["tree"]] == [
                (each["id"], each["value"]) for each in branches
            ]
    assert len(opened) > 2
    params = {"branch": [opened[0], "nothing"]}
    lost = service.get(f"{PATH}/{kept['id']}/tree", params=params)
    assert lost.json()["errors"][0] | {"hint": "", "detail": "", "allowed": []} == {
        "pointer": "/branch",
        "code": "unknown_branch",
        "detail": "",
        "hint": "",
        "allowed": [],
    }
    problem = service.get(f"{PATH}/{kept['id']}/tree", params={"indicator": "climate_change.totl"})
    assert problem.status_code == 422
    assert "climate_change.total" in problem.json()["errors"][0]["allowed"]


def test_the_passport_names_all_that_it_depends_on(
    service: TestClient, kept: dict[str, Any], tiny: Engine
) -> None:
    found = service.get(f"{PATH}/{kept['id']}/manifest").json()
    assert found["data_hash"] == tiny.catalogue.data_hash
    assert set(found["methods"]) == {each["id"] for each in kept["indicators"]}
    assert found["seed"] is None
    for line in kept["lines"]:
        if line["matched"]:
            assert found["ladders"][line["id"]] == line["matched"]["ladder"]
    assert [each["source"] for each in found["attribution"]] == [
        each["id"] for each in kept["sources"]
    ]
    assert all(each["licence"] in each["text"] for each in found["attribution"])


def test_footprints_are_the_same_to_the_bit_after_a_restart(
    tiny: Engine, tiny_knowledge: Path, tmp_path: Path, request_body: dict[str, Any]
) -> None:
    service = TestClient(create_app(settings(tmp_path), engine=tiny))
    ids = []
    for number in range(1000):
        body = json.loads(json.dumps(request_body))
        body["bom"][0]["amount"] = 100 + number / 7
        ids.append(service.post(PATH, json=body).json()["id"])
    opened = Engine.open(tmp_path, knowledge=tiny_knowledge)
    after = TestClient(create_app(settings(tmp_path), engine=opened))
    assert after.get(PATH).json()["total"] == 1000
    for each in ids:
        found = after.post(f"{PATH}/{each}:recompute").json()
        assert found["identical"], found["changes"]
        assert found["kept_sha256"] == found["recomputed_sha256"]


@pytest.fixture
def two_releases(
    tiny: Engine, tiny_knowledge: Path, tmp_path: Path
) -> tuple[TestClient, TestClient]:
    """Return the service before and after an update of the data, on one data folder."""
    Releases(tiny, tmp_path, knowledge=tiny_knowledge).keep()
    newer = tmp_path / "newer"
    shutil.copytree(tiny_knowledge, newer)
    release = newer / "datasets" / "release.json"
    release.write_text(release.read_text().replace(tiny.catalogue.release, "2027.1"))
    figures = newer / "datasets" / "economy" / "figures.csv"
    figures.write_text(figures.read_text().replace("IN,36,percent", "IN,30,percent"))
    for package in packages(newer, "datasets"):
        seal(package)
    engine = Engine.open(tmp_path, knowledge=newer)
    assert engine.catalogue.data_hash != tiny.catalogue.data_hash
    chosen = settings(tmp_path)
    return TestClient(create_app(chosen, engine=tiny)), TestClient(
        create_app(chosen, engine=engine)
    )


def test_a_change_is_split_into_its_causes(
    two_releases: tuple[TestClient, TestClient], request_body: dict[str, Any]
) -> None:
    before, after = two_releases
    old = before.post(PATH, json=request_body).json()
    changed = json.loads(json.dumps(request_body))
    changed["bom"][0]["amount"] = 130
    changed["methods"] = {"climate_change": "ipcc_ar6_gwp20"}
    new = after.post(PATH, json=changed).json()
    assert old["manifest"]["data_release"] != new["manifest"]["data_release"]
    found = after.get(f"{PATH}/{old['id']}/diff/{new['id']}").json()
    ends = [{each["id"]: each["value"] for each in answer["indicators"]} for answer in (old, new)]
    seen = 0
    for each in found["indicators"]:
        assert (each["before"], each["after"]) == tuple(end[each["id"]] for end in ends)
        if each["effects"] is None:
            assert each["reason"]
            continue
        change = each["after"] - each["before"]
        assert each["change"] == change
        assert sum(each["effects"].values()) == pytest.approx(change, rel=1e-12, abs=1e-15)
        assert each["effects"]["engine"] == 0.0
        seen += each["effects"]["data"] != 0 and each["effects"]["input"] != 0
    climate = next(each for each in found["indicators"] if each["id"] == "climate_change.total")
    assert all(climate["effects"][name] > 0 for name in ("input", "data"))
    assert seen
    back = after.get(f"{PATH}/{new['id']}/diff/{old['id']}").json()
    assert [each["change"] for each in back["indicators"]] == [
        None if each["change"] is None else -each["change"] for each in found["indicators"]
    ]


def test_what_a_request_asks_of_another_release_and_it_has_not_is_said(
    two_releases: tuple[TestClient, TestClient], request_body: dict[str, Any]
) -> None:
    before, after = two_releases
    old = before.post(PATH, json=request_body).json()
    fewer = after.post(PATH, json={**request_body, "indicators": ["climate_change.total"]}).json()
    found = after.get(f"{PATH}/{old['id']}/diff/{fewer['id']}").json()
    water = next(each for each in found["indicators"] if each["id"] == "water.consumption")
    assert water["effects"] is None
    assert "not asked for" in water["reason"]


def test_older_releases_answer_by_their_pin(
    two_releases: tuple[TestClient, TestClient], request_body: dict[str, Any]
) -> None:
    before, after = two_releases
    old = before.post(PATH, json=request_body).json()
    pins = [old["manifest"]["data_release"], "^2026", old["manifest"]["data_hash"]]
    for pin in pins:
        found = after.post(PATH, json={**request_body, "data_release": pin}).json()
        assert found["indicators"] == old["indicators"]
        assert found["manifest"]["data_hash"] == old["manifest"]["data_hash"]
        assert after.get(f"{PATH}/{found['id']}/contributions", params={"by": "flow"}).is_success
    newer = after.post(PATH, json={**request_body, "data_release": "^2027"}).json()
    assert newer["manifest"]["data_release"] == "2027.1"
    assert after.post(f"{PATH}/{old['id']}:recompute").json()["identical"]
    wrong = {**request_body, "data_release": "2031.1", "location": "nowhere"}
    problem = after.post(PATH, json=wrong).json()
    assert {each["pointer"] for each in problem["errors"]} >= {"/data_release", "/location"}
    assert "2027.1" in problem["errors"][0]["allowed"]


def test_a_footprint_whose_release_is_gone_is_still_shown(
    two_releases: tuple[TestClient, TestClient], request_body: dict[str, Any], tmp_path: Path
) -> None:
    before, after = two_releases
    old = before.post(PATH, json=request_body).json()
    shutil.rmtree(tmp_path / "releases")
    assert after.get(f"{PATH}/{old['id']}").json() == old
    assert after.get(f"{PATH}/{old['id']}/coverage").is_success
    problem = after.post(f"{PATH}/{old['id']}:recompute")
    assert problem.status_code == 404
    assert problem.json()["errors"][0]["code"] == "unknown_release"


def test_tables_that_were_tampered_with_are_refused(
    two_releases: tuple[TestClient, TestClient], request_body: dict[str, Any], tmp_path: Path
) -> None:
    before, after = two_releases
    old = before.post(PATH, json=request_body).json()
    figures = next((tmp_path / "releases").glob("*/datasets/economy/figures.csv"))
    figures.write_text(figures.read_text().replace("IN,36,percent", "IN,99,percent"))
    problem = after.post(f"{PATH}/{old['id']}:recompute")
    assert problem.status_code == 404
    assert "have been changed" in problem.json()["errors"][0]["hint"]


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ({"created_from": "0001-01-01T00:00:00+14:00"}, True),
        ({"created_until": "9999-12-31T23:59:59-14:00"}, True),
        ({"created_from": "9999-12-31T23:59:59-14:00"}, False),
        ({"created_until": "0001-01-01T00:00:00+14:00"}, False),
        ({"created_from": "2026-01-01T00:00:00"}, True),
    ],
)
def test_times_at_the_end_of_the_calendar_are_times(
    service: TestClient, kept: dict[str, Any], asked: dict[str, str], is_found: bool
) -> None:
    response = service.get(PATH, params=asked)
    assert response.status_code == 200
    assert response.json()["total"] == is_found


def test_a_time_without_a_zone_is_in_utc(
    service: TestClient, kept: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    try:
        plain = kept["created"].removesuffix("Z")
        assert service.get(PATH, params={"created_from": plain}).json()["total"] == 1
        assert service.get(PATH, params={"created_until": plain}).json()["total"] == 0
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "part",
    [
        "/request", "/contributions?by=flow", "/tree", "/sankey", "/coverage", "/quality",
        "/manifest", "?format=csv", "?format=xlsx",
    ],
)  # fmt: skip
def test_what_never_changes_is_not_sent_twice(
    service: TestClient, kept: dict[str, Any], part: str
) -> None:
    address = f"{PATH}/{kept['id']}{part}"
    tag = service.get(address).headers["etag"]
    time.sleep(1.1 if "xlsx" in part else 0)  # a workbook has its time in seconds
    again = service.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


def test_values_under_editions_of_aware_are_not_compared(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    ids = []
    for edition in ("aware_1_2", "aware_2_0"):
        methods = {"water.scarcity_aware": edition, "climate_change": "ipcc_ar6_gwp100"}
        made = service.post(PATH, json={**request_body, "methods": methods})
        ids.append(made.json()["id"])
    found = service.get(f"{PATH}/{ids[0]}/diff/{ids[1]}").json()["indicators"]
    by_id = {each["id"]: each for each in found}
    water = by_id["water.scarcity_aware"]
    assert (water["change"], water["effects"]) == (None, None)
    assert "aware_1_2 and aware_2_0" in water["reason"]
    assert by_id["climate_change.total"]["change"] == 0.0


def test_footprints_of_other_amounts_are_compared_with_a_note(
    service: TestClient, kept: dict[str, Any], request_body: dict[str, Any]
) -> None:
    def diff(amount: float, unit: str) -> Any:
        body = {**request_body, "declared_unit": {"amount": amount, "unit": unit}}
        other = service.post(PATH, json=body).json()["id"]
        return service.get(f"{PATH}/{kept['id']}/diff/{other}")

    assert diff(1, "piece").json()["note"] is None
    assert "1 piece" in diff(1000, "piece").json()["note"]
    refused = diff(1, "kg")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "not_comparable"


def test_an_answer_names_the_release_that_gave_it_and_lists_those_that_can(
    two_releases: tuple[TestClient, TestClient], tiny: Engine, request_body: dict[str, Any]
) -> None:
    _, after = two_releases
    old = tiny.catalogue.release
    body = {**request_body, "data_release": old}
    made = after.post(PATH, json=body)
    address = f"{PATH}/{made.json()['id']}"
    answers = [made, *(after.get(f"{address}{part}") for part in ("", "/tree", "/coverage"))]
    answers.append(after.post(f"{PATH}:contributions", json=body))
    answers.append(after.head(address))
    assert {each.headers["data-release"] for each in answers} == {old}
    assert after.post(PATH, json=request_body).headers["data-release"] == "2027.1"
    assert after.get("/v1/products").headers["data-release"] == "2027.1"
    listed = after.get("/v1/releases").json()
    assert listed["total"] == 2
    assert [(each["release"], each["is_open"]) for each in listed["items"]] == [
        ("2027.1", True),
        (old, False),
    ]
    assert listed["items"][1]["data_hash"] == tiny.catalogue.data_hash
    assert listed["items"][1]["products"] is None  # it has not been opened


def test_missing_samples_are_built_for_the_release_that_is_asked(
    two_releases: tuple[TestClient, TestClient],
    tiny: Engine,
    request_body: dict[str, Any],
    tmp_path: Path,
) -> None:
    _, after = two_releases
    after.app.state.settings = settings(tmp_path).model_copy(update={"sample_banks": 1})  # type: ignore[attr-defined]
    pinned = {"data_release": tiny.catalogue.release, "uncertainty": {"samples": 32, "seed": 11}}
    body = {**request_body, **pinned}
    assert after.post(PATH, json=body).status_code == 503
    end = time.monotonic() + 60
    while (answer := after.post(PATH, json=body)).status_code == 503:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert answer.json()["uncertainty"]["used"] == 32


def test_a_name_of_two_releases_is_told_apart_by_their_hashes(
    tiny: Engine, tiny_knowledge: Path, tmp_path: Path
) -> None:
    releases = Releases(tiny, tmp_path, knowledge=tiny_knowledge)
    current = tiny.catalogue.release
    names = {"a": "2025.1", "b": "2025.1", "c": f"{current}-rc1", "d": "2026"}
    for data_hash, name in names.items():
        folder = tmp_path / "releases" / data_hash / "datasets"
        folder.mkdir(parents=True)
        (folder / "release.json").write_text(json.dumps({"release": name}))
    for pin in ("2025.1", "^2025"):
        with pytest.raises(UnknownName) as caught:
            releases.choose(pin)
        assert caught.value.code == "ambiguous_release"
        assert set(caught.value.nearest) == {"a", "b"}
    (tmp_path / "releases" / "e" / "datasets").mkdir(parents=True)
    same = json.dumps({"release": current})
    (tmp_path / "releases" / "e" / "datasets" / "release.json").write_text(same)
    assert releases.choose(current) is tiny  # the open one is meant
    assert releases.choose("^2026") is tiny  # newer than what led to it


def test_other_releases_answer_while_one_is_compiled(
    two_releases: tuple[TestClient, TestClient],
    tiny: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, after = two_releases
    current = after.app.state.engine  # type: ignore[attr-defined]
    releases = Releases(current, tmp_path)
    begun, go = threading.Event(), threading.Event()

    def slowly(*_: object, **__: object) -> Engine:
        begun.set()
        assert go.wait(30)
        return tiny

    monkeypatch.setattr(Engine, "open", slowly)
    with ThreadPoolExecutor(2) as pool:
        old = pool.submit(releases.of_hash, tiny.catalogue.data_hash)
        assert begun.wait(30)
        try:
            data_hash = current.catalogue.data_hash
            assert pool.submit(releases.of_hash, data_hash).result(timeout=10) is current
        finally:
            go.set()
        assert old.result() is tiny


def test_what_cannot_be_kept_is_logged(
    tiny: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: Releases) -> None:
        raise PermissionError("read-only folder")

    monkeypatch.setattr(Releases, "keep", refuse)
    with TestClient(create_app(settings(tmp_path), engine=tiny)):
        assert "read-only folder" in caplog.text
