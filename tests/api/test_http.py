"""Headers, conditional requests, pages and methods."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from lca_service import __version__
from lca_service.engine import Engine

LISTS = ["/v1/locations", "/v1/flows", "/v1/indicators", "/v1/methods", "/v1/releases"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health/live", 200),
        ("GET", "/v1/products", 200),
        ("GET", "/nowhere", 404),
        ("POST", "/v1/footprints", 415),
        ("DELETE", "/v1/footprints", 405),
    ],
)
def test_every_answer_names_engine_release_and_request(
    client: TestClient, method: str, path: str, status: int
) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["engine-version"] == __version__
    assert response.headers["data-release"] == "2026.0"
    assert re.fullmatch("[0-9a-f]{32}", response.headers["request-id"])


@pytest.mark.parametrize(
    ("asked", "is_echoed"),
    [("order-17.a_B", True), ("x" * 129, False), ("two words", False), ("<script>", False)],
)
def test_a_sane_request_id_is_echoed(client: TestClient, asked: str, is_echoed: bool) -> None:
    response = client.get("/health/live", headers={"Request-Id": asked})
    assert (response.headers["request-id"] == asked) is is_echoed


@pytest.mark.parametrize(
    "path",
    [*LISTS, "/v1/products?q=cotton", "/v1/products/diesel", "/v1/activities/refining@GLO"],
)
def test_what_only_a_release_changes_is_not_sent_twice(client: TestClient, path: str) -> None:
    first = client.get(path)
    assert first.status_code == 200, first.text
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
    assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_links_lead_through_the_whole_list_once(client: TestClient) -> None:
    path, codes = "/v1/products?limit=2", []
    while path:
        response = client.get(path)
        page = response.json()
        codes += [product["code"] for product in page["items"]]
        links = {
            relation: target
            for target, relation in re.findall('<([^>]*)>; rel="(\\w+)"', response.headers["link"])
        }
        assert links["first"].startswith("/v1/products?")
        path = links.get("next", "")
    assert codes == sorted(set(codes))
    assert len(codes) == page["total"] == 9


def test_links_keep_the_question(client: TestClient) -> None:
    response = client.get("/v1/products", params={"category": "energy", "limit": 1, "offset": 1})
    links = response.headers["link"]
    assert links.count("category=energy") == 3
    assert 'offset=0&limit=1>; rel="prev"' in links


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ({"q": "cotton"}, ["seed-cotton"]),
        ({"q": "gas oil"}, ["diesel"]),
        ({"q": "disel"}, ["diesel"]),  # no product has the word: the nearest names
        ({"category": "textiles"}, ["cut-and-sew"]),
        ({"q": "cotton", "location": "ZA"}, ["seed-cotton"]),
        ({"category": "agriculture", "location": "KE"}, []),
        ({"q": "electricity", "category": "textiles"}, []),
        ({"location": "AQ"}, []),
    ],
)
def test_products_are_found_by_words_place_and_category(
    client: TestClient, question: dict[str, str], codes: list[str]
) -> None:
    found = [each["code"] for each in client.get("/v1/products", params=question).json()["items"]]
    assert found == codes


def test_an_activity_shows_the_source_of_every_exchange(client: TestClient) -> None:
    activity = client.get("/v1/activities/coal-power@IN").json()
    assert activity["location"] == "IN"
    for exchange in activity["exchanges"]:
        assert (exchange["product"] is None) != (exchange["flow"] is None)
        assert exchange["formula"]
        for figure in exchange["figures"]:
            assert figure["source"]["citation"]
            assert figure["source"]["licence"]


def test_a_product_shows_where_it_is_made_and_from_which_sources(client: TestClient) -> None:
    product = client.get("/v1/products/electricity-coal").json()
    places = {each["location"] for each in product["providers"]}
    assert {"IN", "ZA", "GLO"} <= places
    assert {each["id"] for each in product["provenance"]} == {"hand", "hand_2"}


@pytest.mark.parametrize("path", ["/health/live", "/v1/products", "/docs", "/v1/products/nil"])
def test_head_is_get_without_a_body(client: TestClient, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]


def test_a_wrong_method_says_which_is_right(client: TestClient) -> None:
    response = client.get("/v1/footprints:contributions")
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.headers["content-type"] == "application/problem+json"


def test_no_origin_is_let_in_unless_it_is_named(
    tiny: Engine, request_body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    allowed = "access-control-allow-origin"
    closed = TestClient(create_app(engine=tiny))
    assert allowed not in closed.get("/health/live", headers=headers).headers
    assert closed.options("/v1/footprints", headers=headers).status_code == 405
    monkeypatch.setenv("LCA_CORS_ORIGINS", "https://a.example, https://b.example")
    opened = TestClient(create_app(Settings(), engine=tiny))
    headers["Access-Control-Request-Headers"] = "content-type"
    assert opened.options("/v1/footprints", headers=headers).status_code == 200
    response = opened.post("/v1/footprints", json=request_body, headers=headers)
    assert response.headers[allowed] == "https://a.example"


def test_what_should_not_happen_is_a_problem_without_its_insides(tiny: Engine) -> None:
    app = create_app(engine=tiny)

    def fail() -> None:
        raise ZeroDivisionError("the secret")

    app.add_api_route("/fail", fail)
    response = TestClient(app).get("/fail", headers={"Request-Id": "r-1"})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["request-id"] == "r-1"
    assert "r-1" in response.json()["detail"]
    assert "secret" not in response.text


def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(tiny: Engine) -> None:
    app = create_app(engine=tiny)

    def parts() -> Iterator[bytes]:
        yield b"half"
        raise ZeroDivisionError("the other half")

    app.add_api_route("/half", lambda: StreamingResponse(parts()))
    with pytest.raises(ZeroDivisionError):
        TestClient(app).get("/half")


def test_the_service_opens_the_release_when_it_starts(
    tiny: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Engine, "open", lambda _: tiny)
    app: FastAPI = create_app(Settings())
    with TestClient(app) as client:
        assert client.get("/health/ready").json()["status"] == "ready: data release 2026.0"


def test_the_working_of_a_footprint_names_its_sources(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    answer = client.post("/v1/footprints", json=request_body).json()
    values = {each["id"]: each["value"] for each in answer["indicators"]}
    shown = client.post("/v1/footprints:explain", json=request_body)
    assert shown.status_code == 200, shown.text
    closed = shown.json()
    bought = next(each["id"] for each in closed["columns"] if each["kind"] == "closed")
    opened = client.post(
        "/v1/footprints:explain",
        params={"open": [bought], "indicator": "climate_change.total"},
        json=request_body,
    ).json()
    for found in (closed, opened):
        assert found["value"] == pytest.approx(values["climate_change.total"], rel=1e-12)
    sources = [each for cell in opened["cells"] for each in cell["figures"]]
    assert sources
    assert all(each["source"]["citation"] for each in sources)


def test_what_is_unknown_is_not_explained(client: TestClient, request_body: dict[str, Any]) -> None:
    fibre = {"product": "seed-cotton", "stage": "use", "amount": 1, "unit": "kg"}
    request_body = {**request_body, "bom": [fibre], "indicators": []}
    answer = client.post("/v1/footprints", json=request_body).json()
    unknown = next(each["id"] for each in answer["indicators"] if each["value"] is None)
    refused = client.post(
        "/v1/footprints:explain", params={"indicator": unknown}, json=request_body
    )
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "not_explained"
