"""The service as a PACT host: who may ask, what is published, and answers as PACT has them."""

import base64
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import SecretStr, ValidationError

from api.app import create_app
from api.pact_host.publication import Publication
from api.pact_host.tokens import LIFETIME_SECONDS, issue_token
from api.settings import Settings
from lca_service.engine import Engine
from tests.api.test_exports import DECLARATION

SECRET, OTHER = "a" * 32, "b" * 40
CLIENTS = {"buyer": SecretStr(SECRET), "auditor": SecretStr(OTHER)}
LIST = "/3/footprints"
GRANT = {"grant_type": "client_credentials"}
BASE = "https://footprints.example.org"


class Recipient:
    """Asks with a token, and holds every answer against the official description."""

    def __init__(self, service: TestClient, official: dict[str, Any], token: str) -> None:
        self.service, self._official = service, official
        self._headers = {"Authorization": f"Bearer {token}"}

    def ask(self, address: str, method: str = "GET", **options: Any) -> Response:
        response = self.service.request(method, address, headers=self._headers, **options)
        assert response.headers["content-type"] == "application/json"
        self._compare(response)
        return response

    def ids(self, **filters: Any) -> list[str]:
        response = self.ask(LIST, params=filters)
        assert response.status_code == 200, response.text
        return [each["id"] for each in response.json()["data"]]

    def _compare(self, response: Response) -> None:
        if not self._official:
            return
        schema: dict[str, Any] = {"$ref": "#/components/schemas/Error"}
        if response.status_code == 200:
            path = LIST if response.url.path == LIST else f"{LIST}/{{id}}"
            told = self._official["paths"][path]["get"]["responses"]["200"]
            schema = told["content"]["application/json"]["schema"]
        whole = {**schema, "components": self._official["components"]}
        validator = jsonschema.Draft202012Validator(whole)
        assert [each.message for each in validator.iter_errors(response.json())] == []


def open_service(tiny: Engine, folder: Path, clients: dict[str, SecretStr]) -> TestClient:
    url = f"sqlite:///{folder / 'kept.sqlite'}"
    settings = Settings(data_root=folder, database_url=url, pact_clients=clients)
    return TestClient(create_app(settings, engine=tiny), base_url=BASE)


@pytest.fixture
def service(tiny: Engine, tmp_path: Path) -> TestClient:
    return open_service(tiny, tmp_path, CLIENTS)


@pytest.fixture
def recipient(service: TestClient, official_pact: dict[str, Any]) -> Recipient:
    answer = service.post("/auth/token", data=GRANT, auth=("buyer", SECRET))
    assert answer.status_code == 200, answer.text
    return Recipient(service, official_pact, answer.json()["access_token"])


@pytest.fixture
def body(request_body: dict[str, Any]) -> dict[str, Any]:
    return {**request_body, "declaration": DECLARATION | {"publish": True}}


def keep(service: TestClient, body: dict[str, Any], **declared: Any) -> str:
    whole = {**body, "declaration": (body["declaration"] or {}) | declared}
    response = service.post("/v1/footprints", json=whole)
    assert response.status_code == 200, response.text
    found: str = response.json()["id"]
    return found


def pages(recipient: Recipient, address: str) -> Iterator[list[str]]:
    while address:
        response = recipient.ask(address)
        yield [each["id"] for each in response.json()["data"]]
        link = re.fullmatch(r'<(.+)>; rel="next"', response.headers.get("link", ""))
        address = link[1] if link else ""
        assert not address or address.startswith(f"{BASE}/3/footprints?"), "with the host asked"


# ------------------------------------------------------------------------------- who may ask


def test_without_clients_there_is_no_host(tiny: Engine, tmp_path: Path) -> None:
    service = open_service(tiny, tmp_path, {})
    for method, path in (("GET", LIST), ("GET", f"{LIST}/x"), ("POST", "/3/events"),
                         ("POST", "/auth/token")):  # fmt: skip
        response = service.request(method, path)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"


def test_the_host_is_not_in_our_own_description(service: TestClient) -> None:
    paths = service.get("/openapi.json").json()["paths"]
    assert [path for path in paths if not path.startswith(("/v1/", "/health/"))] == []


def test_a_token_is_given_to_a_client_that_proves_itself(service: TestClient) -> None:
    answer = service.post("/auth/token", data=GRANT, auth=("auditor", OTHER))
    assert answer.headers["cache-control"] == "no-store"
    token = answer.json()
    assert (token["token_type"], token["expires_in"]) == ("Bearer", LIFETIME_SECONDS)
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    assert service.get(LIST, headers=headers).json() == {"data": []}
    assert OTHER not in token["access_token"]


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic !!!",
        "Bearer " + base64.b64encode(f"buyer:{SECRET}".encode()).decode(),
        *(
            "Basic " + base64.b64encode(each).decode()
            for each in (
                f"buyer:{OTHER}".encode(),
                f"nobody:{SECRET}".encode(),
                b"buyer:",
                b"buyer",
                b"\xff\xfe:\xff",
            )
        ),
    ],
)
def test_a_wrong_secret_gets_no_token(service: TestClient, authorization: str) -> None:
    answer = service.post("/auth/token", data=GRANT, headers={"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    ("form", "error"),
    [({}, "invalid_request"), ({"grant_type": "password"}, "unsupported_grant_type")],
)
def test_there_are_client_credentials_only(
    service: TestClient, form: dict[str, str], error: str
) -> None:
    answer = service.post("/auth/token", data=form, auth=("buyer", SECRET))
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def tokens() -> dict[str, str]:
    now = time.time()
    good = issue_token("buyer", CLIENTS, now=now)
    client, until, signature = good.split(".")
    stranger = issue_token("buyer", {"buyer": SecretStr("c" * 32)}, now=now)
    return {
        "none": "",
        "nonsense": "x",
        "later": f"{client}.{int(until) + 60}.{signature}",
        "of another client": f"auditor.{until}.{signature}",
        "of nobody": f"nobody.{until}.{signature}",
        "with an old secret": stranger,
        "cut": good[:-1],
    }


@pytest.mark.parametrize("kind", tokens())
def test_a_token_that_is_none_is_refused(
    service: TestClient, official_pact: dict[str, Any], kind: str
) -> None:
    stranger = Recipient(service, official_pact, tokens()[kind])
    for path, method in ((LIST, "GET"), (f"{LIST}/x", "GET"), ("/3/events", "POST")):
        answer = stranger.ask(path, method)
        assert answer.status_code == 401
        assert answer.json()["code"] == "BadRequest"
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_expires(service: TestClient, official_pact: dict[str, Any]) -> None:
    for age, status in ((LIFETIME_SECONDS - 60, 200), (LIFETIME_SECONDS, 401)):
        token = issue_token("buyer", CLIENTS, now=time.time() - age)
        answer = Recipient(service, official_pact, token).ask(LIST)
        assert answer.status_code == status
    assert answer.json()["code"] == "TokenExpired"


def test_basic_and_nothing_are_no_bearer_token(service: TestClient) -> None:
    assert service.get(LIST).status_code == 401
    assert service.get(LIST, auth=("buyer", SECRET)).status_code == 401


@pytest.mark.parametrize(
    "given", ["buyer", "buyer:short", f"bu yer:{SECRET}", f"a:{SECRET},a:{OTHER}", f":{SECRET}"]
)
def test_an_unsafe_setting_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("LCA_PACT_CLIENTS", given)
    with pytest.raises(ValidationError) as error:
        Settings()
    assert given.rpartition(":")[2] not in str(error.value).replace("buyer", "")


def test_clients_are_set_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LCA_PACT_CLIENTS", f"buyer:{SECRET}, auditor:{OTHER}")
    settings = Settings()
    assert settings.pact_clients == CLIENTS
    assert SECRET not in repr(settings)


# -------------------------------------------------------------------------- what is published


def test_what_declares_all_that_pact_asks_for_is_published(
    recipient: Recipient, body: dict[str, Any], request_body: dict[str, Any]
) -> None:
    service = recipient.service
    whole = keep(service, body)
    silent = keep(service, {**request_body, "declaration": None})
    no_mass = keep(service, {**body, "declared_unit": {"amount": 1, "unit": "piece"}})
    early = keep(service, body, reference_period_start="0001-01-01T00:00:00+14:00")
    assert recipient.ids() == [whole]
    answer = recipient.ask(f"{LIST}/{whole}")
    file = service.get(f"/v1/footprints/{whole}", params={"format": "pact"}).json()
    assert answer.json() == {"data": file}
    (extension,) = file["extensions"]
    assert extension["dataSchema"] == f"{BASE}/v1/schemas/pact-water.json"
    assert recipient.ask(LIST).json() == {"data": [file]}
    for unknown in (silent, no_mass, early, "6b7a94c5-0bd5-4d0a-8d0c-8d1b2bb4f1a1", "x"):
        answer = recipient.ask(f"{LIST}/{unknown}")
        assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")


def test_a_removed_footprint_is_not_published_any_more(
    recipient: Recipient, body: dict[str, Any]
) -> None:
    footprint = keep(recipient.service, body)
    assert recipient.ids() == [footprint]
    recipient.service.delete(f"/v1/footprints/{footprint}")
    assert recipient.ids() == []
    assert recipient.ask(f"{LIST}/{footprint}").status_code == 404


def test_a_later_version_deprecates_the_one_before(
    recipient: Recipient, body: dict[str, Any]
) -> None:
    service = recipient.service
    first = service.post("/v1/portfolio", json={"name": "Bag", "request": body, "note": ""}).json()
    (old,) = recipient.ids(status="active")
    address = f"/v1/portfolio/{first['id']}/versions"
    second = service.post(address, json={"request": body, "note": ""}).json()
    new = second["versions"][1]["footprint"]
    assert recipient.ids() == [new, old]
    assert recipient.ids(status="Active") == [new]
    assert recipient.ids(status="deprecated") == [old]
    assert recipient.ids(status="Bogus") == []  # as PACT's conformance tests expect it
    assert recipient.ask(f"{LIST}/{new}").json()["data"]["precedingPfIds"] == [old]


@pytest.fixture
def several(recipient: Recipient, body: dict[str, Any]) -> dict[str, str]:
    service = recipient.service
    return {
        "india": keep(service, body),
        "africa": keep(
            service,
            {**body, "location": "ZA"},
            product_ids=["urn:gtin:1", "urn:pact:bolsas.example:product-id:BAG-2"],
            product_classifications=["urn:cpc:0151"],
        ),
        "later": keep(
            service,
            body,
            company_ids=["urn:uuid:6b7a94c5-0bd5-4d0a-8d0c-8d1b2bb4f1a1"],
            validity_period_start="2027-01-01T00:00:00Z",
            validity_period_end="2027-06-30T00:00:00Z",
        ),
    }


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, {"india", "africa", "later"}),
        ({"productId": "URN:PACT:bolsas.example:product-id:bag-2"}, {"africa"}),
        ({"productId": ["urn:gtin:1", "urn:gtin:4712345060507"]}, {"india", "africa", "later"}),
        ({"productid": "urn:gtin:1"}, {"africa"}),  # as the specification's own example
        ({"productId": "urn:bogus:product:none"}, set()),
        ({"companyId": DECLARATION["company_ids"][0]}, {"india", "africa"}),
        ({"classification": "urn:cpc:0151"}, {"africa"}),
        ({"geography": "za"}, {"africa"}),
        ({"geography": ["ZA", "IN"]}, {"india", "africa", "later"}),
        ({"geography": "Africa"}, {"africa"}),
        ({"geography": "southern asia"}, {"india", "later"}),
        ({"geography": "XX"}, set()),
        # until three years after 2026-01-01 at +02:00, where no period is given
        ({"validOn": "2025-12-31T21:59:59Z"}, set()),
        ({"validOn": "2025-12-31T22:00:00Z"}, {"india", "africa"}),
        ({"validOn": "2027-03-01T00:00Z"}, {"india", "africa", "later"}),
        ({"validOn": "2028-12-31T22:00:00Z"}, {"india", "africa"}),
        ({"validOn": "2028-12-31T22:00:01Z"}, set()),
        ({"validAfter": "2026-06-01T00:00:00Z"}, {"later"}),
        ({"validBefore": "2028-01-01T00:00:00Z"}, {"later"}),
        ({"validBefore": "2027-06-30T00:00:00Z"}, set()),
        ({"geography": "IN", "validOn": "2027-03-01T00:00:00Z",
          "companyId": DECLARATION["company_ids"][0]}, {"india"}),
    ],
)  # fmt: skip
def test_filters_are_of_the_specification(
    recipient: Recipient, several: dict[str, str], filters: dict[str, Any], names: set[str]
) -> None:
    assert set(recipient.ids(**filters)) == {several[name] for name in names}


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        ({"validOn": "yesterday"}, "validOn"),
        ({"validAfter": "2027-03-01"}, "validAfter"),
        ({"validOn": ["2027-03-01T00:00:00Z", "2028-03-01T00:00:00Z"]}, "twice"),
        ({"productId": "4712345060507"}, "productId"),
        ({"geography": ""}, "geography"),
        ({"$filter": "pcf/geographyCountry eq 'DE'"}, "$filter"),
        ({"x-other-invoice": "1"}, "x-other-invoice"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"after": "2"}, "after"),
    ],
)
def test_a_malformed_filter_is_named(
    recipient: Recipient, filters: dict[str, Any], named: str
) -> None:
    answer = recipient.ask(LIST, params=filters)
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")
    assert named in answer.json()["message"]


def test_all_malformed_filters_are_named_at_once(recipient: Recipient) -> None:
    message = recipient.ask(f"{LIST}?validOn=1&productId=2&color=3").json()["message"]
    assert all(name in message for name in ("validOn", "productId", "color"))


def test_pages_lead_on_and_stay_where_they_are(recipient: Recipient, body: dict[str, Any]) -> None:
    silent = {**body, "declaration": None}
    made = []
    for _ in range(5):
        made.append(keep(recipient.service, body))
        keep(recipient.service, silent)
    made.reverse()
    walk = pages(recipient, f"{LIST}?limit=2&geography=IN")
    found = [next(walk)]
    keep(recipient.service, body)  # is newer than all that is still to come
    found += walk
    assert found == [made[:2], made[2:4], made[4:]]
    assert list(pages(recipient, f"{LIST}?limit=0")) == [[]]
    whole = recipient.ask(f"{LIST}?limit=6")
    assert "link" not in whole.headers  # nothing that cannot be given is promised
    assert recipient.ask(f"{LIST}?limit=1000000").headers.get("link") is None


def test_what_was_exported_is_not_computed_again(
    recipient: Recipient, body: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        keep(recipient.service, body)
    first = recipient.ask(LIST).content

    def again(*_: object) -> None:
        raise AssertionError("it was computed before")

    monkeypatch.setattr(Engine, "footprint", again)
    assert recipient.ask(LIST).content == first


# --------------------------------------------------------------------- what there is not


def test_events_are_not_taken(recipient: Recipient) -> None:
    answer = recipient.ask("/3/events", "POST", json={"type": "org.wbcsd.pact"})
    assert (answer.status_code, answer.json()["code"]) == (501, "NotImplemented")


def test_other_addresses_are_answered_in_pact_s_shape(recipient: Recipient) -> None:
    for path, method, status, code in (
        ("/3/products", "GET", 404, "NotFound"),
        (LIST, "DELETE", 405, "BadRequest"),
    ):
        answer = recipient.ask(path, method)
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_internal_error_has_pact_s_shape(
    service: TestClient, official_pact: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret path")

    monkeypatch.setattr(Publication, "page", fail)
    careless = TestClient(service.app, base_url=BASE, raise_server_exceptions=False)
    token = issue_token("buyer", CLIENTS, now=time.time())
    answer = Recipient(careless, official_pact, token).ask(LIST)
    assert (answer.status_code, answer.json()["code"]) == (500, "InternalError")
    assert "secret path" not in answer.text


def test_nothing_is_published_that_its_maker_does_not_publish(
    recipient: Recipient, service: TestClient, body: dict[str, Any]
) -> None:
    kept, published = keep(service, body, publish=False), keep(service, body)
    assert recipient.ask(f"{BASE}/3/footprints/{kept}").status_code == 404
    (found,) = pages(recipient, f"{BASE}/3/footprints")
    assert found == [published]
