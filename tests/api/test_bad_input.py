"""Whatever is sent, the answer is a problem that says what, where and what next."""

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

JSON = {"Content-Type": "application/json"}
Fault = tuple[str, str]


def problem(response: Any, status: int) -> dict[str, Any]:
    """Return a problem, checked for its form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body.keys() == {"type", "title", "status", "detail", "instance", "errors"}
    assert body["status"] == status
    assert "Traceback" not in response.text
    return body


def faults(client: TestClient, body: dict[str, Any]) -> list[Fault]:
    """Return pointer and code of every fault of a refused request."""
    found = problem(client.post("/v1/footprints", json=body), 422)["errors"]
    assert all(each["detail"] for each in found)
    return [(each["pointer"], each["code"]) for each in found]


LINE_CASES: list[tuple[dict[str, Any], Fault]] = [
    ({"product": "disel"}, ("/product", "unknown_product")),
    ({"product": "x" * 101}, ("/product", "bad_value")),
    ({"location": "XX"}, ("/location", "unknown_location")),
    ({"location": " "}, ("/location", "unknown_location")),
    ({"location": "AN"}, ("/location", "retired_location")),
    ({"unit": "kWh"}, ("/unit", "unit_mismatch")),
    ({"unit": "zorkmid"}, ("/unit", "unit_mismatch")),
    ({"unit": "ton"}, ("/unit", "unit_mismatch")),
    ({"unit": "°C"}, ("/unit", "unit_mismatch")),
    ({"unit": "9**9**9**9"}, ("/unit", "unknown_unit")),
    ({"unit": "kg cubed cubed cubed cubed"}, ("/unit", "unknown_unit")),
    ({"unit": "kg\x00"}, ("/unit", "unknown_unit")),
    ({"unit": "k" * 100_000}, ("/unit", "bad_value")),
    ({"unit": ""}, ("/unit", "bad_value")),
    ({"amount": -1}, ("/amount", "bad_amount")),
    ({"amount": 1e300}, ("/amount", "bad_amount")),
    ({"amount": 10**400}, ("/amount", "bad_amount")),
    ({"amount": "1"}, ("/amount", "bad_amount")),
    ({"amount": True}, ("/amount", "bad_amount")),
    ({"amount": None}, ("/amount", "bad_amount")),
    ({"parameters": {"colour": {"amount": 1}}}, ("/parameters/colour", "unknown_parameter")),
    ({"stage": "recycling"}, ("/stage", "bad_value")),
    ({"stage": None}, ("/stage", "missing_field")),
    ({"mix": "import"}, ("/mix", "bad_value")),
    ({"mix": "export"}, ("/product", "no_provider")),
    ({"assembly": "label"}, ("", "product_or_assembly")),
    ({"product": None}, ("", "product_or_assembly")),
    ({"product": None, "assembly": "lable"}, ("/assembly", "unknown_assembly")),
    ({"ammount": 1}, ("/ammount", "unknown_field")),
    ({"id": "a\x00b"}, ("/id", "bad_value")),
    ({"id": "tag"}, ("/id", "duplicate_id")),
]


@pytest.mark.parametrize(
    ("change", "fault"), LINE_CASES, ids=[str(case)[:60] for case, _ in LINE_CASES]
)
def test_a_wrong_line_is_pointed_at(
    client: TestClient, request_body: dict[str, Any], change: dict[str, Any], fault: Fault
) -> None:
    request_body["bom"][1] |= change
    place, code = fault
    expected = (f"/bom/1{place}", code)
    if code == "duplicate_id":  # the later one is at fault
        expected = ("/bom/2/id", code)
    if code == "no_provider":
        request_body["bom"][1] |= {"product": "diesel", "unit": "kg", "amount": 1}
    assert faults(client, request_body) == [expected]


def test_a_wrong_name_gets_the_three_nearest(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    request_body["bom"][0]["product"] = "electricity-low-voltag"
    request_body["bom"][1]["ammount"] = 1
    body = problem(client.post("/v1/footprints", json=request_body), 422)
    by_code = {each["code"]: each for each in body["errors"]}
    assert by_code["unknown_product"]["allowed"][0] == "electricity-low-voltage"
    assert len(by_code["unknown_product"]["allowed"]) == 3
    assert by_code["unknown_field"]["allowed"][0] == "amount"


def test_a_retired_place_names_its_successors(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    request_body["location"] = "SU"
    body = problem(client.post("/v1/footprints", json=request_body), 422)
    assert body["errors"][0]["pointer"] == "/location"
    assert body["errors"][0]["allowed"] == ["IN", "GB"]


REQUEST_CASES: list[tuple[dict[str, Any], Fault]] = [
    ({"bom": [], "emissions": []}, ("/bom", "empty_bill")),
    ({"bom": None}, ("/bom", "bad_value")),
    ({"location": 7}, ("/location", "bad_value")),
    ({"location": "x" * 100_000}, ("/location", "bad_value")),
    ({"name": "a\x00b"}, ("/name", "bad_value")),
    ({"colour": "red"}, ("/colour", "unknown_field")),
    ({"k" * 50_000: 1}, ("/" + "k" * 50_000, "unknown_field")),
    ({"indicators": ["climate_change.totl"]}, ("/indicators/0", "unknown_indicator")),
    ({"indicators": ["a"] * 20_000}, ("/indicators", "bad_value")),
    ({"methods": {"climate_change": "ar7"}}, ("/methods/climate_change", "unknown_method")),
    ({"methods": {"a/b": "c"}}, ("/methods/a~1b", "unknown_method_family")),
    ({"methods": []}, ("/methods", "bad_value")),
    ({"declared_unit": {"amount": 0, "unit": "kg"}}, ("/declared_unit/amount", "bad_amount")),
    ({"declared_unit": {"amount": 1, "unit": "zz"}}, ("/declared_unit/unit", "unknown_unit")),
    (
        {"declared_unit": {"amount": 1, "unit": "kg", "mass_kg": -1}},
        ("/declared_unit/mass_kg", "bad_amount"),
    ),
    ({"assemblies": []}, ("/assemblies", "bad_value")),
]


@pytest.mark.parametrize(
    ("change", "fault"), REQUEST_CASES, ids=[str(case)[:60] for case, _ in REQUEST_CASES]
)
def test_a_wrong_field_is_pointed_at(
    client: TestClient, request_body: dict[str, Any], change: dict[str, Any], fault: Fault
) -> None:
    del request_body["bom"][2]
    assert faults(client, request_body | change) == [fault]


def test_missing_fields_are_named(client: TestClient) -> None:
    required = ("name", "declared_unit", "location", "bom")
    assert faults(client, {}) == [(f"/{name}", "missing_field") for name in required]


def test_form_and_content_faults_come_in_one_reply(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    request_body |= {"location": "XX", "colour": "red", "indicators": ["wet"]}
    request_body["bom"][0]["product"] = "sewing"
    request_body["bom"][1] |= {"amount": -1, "product": "shipping"}
    request_body["bom"].append({"product": "diesel", "amount": 1, "unit": "kWh"})
    request_body["assemblies"]["label"]["bom"][0]["unit"] = "kg"
    request_body["emissions"][0]["flow"] = "hfc"
    assert set(faults(client, request_body)) == {
        ("/location", "unknown_location"),
        ("/colour", "unknown_field"),
        ("/indicators/0", "unknown_indicator"),
        ("/bom/0/product", "unknown_product"),
        ("/bom/1/amount", "bad_amount"),
        ("/bom/3/stage", "missing_field"),
        ("/bom/3/unit", "unit_mismatch"),
        ("/assemblies/label/bom/0/unit", "unit_mismatch"),
        ("/emissions/0/flow", "unknown_flow"),
    }


def test_an_assembly_that_buys_itself_whole_has_no_net_output(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    label = request_body["assemblies"]["label"]
    label["bom"].append({"assembly": "label", "amount": 1000, "unit": "piece"})
    assert faults(client, request_body) == [("/assemblies/label/bom/1/amount", "no_net_output")]


def test_a_loop_of_assemblies_that_takes_all_it_makes_has_no_net_output(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    label = request_body["assemblies"]["label"]
    label["bom"].append({"assembly": "ink", "amount": 4, "unit": "kg"})
    ink = {"assembly": "label", "amount": 250, "unit": "piece"}
    request_body["assemblies"]["ink"] = {"amount": 1, "unit": "kg", "bom": [ink]}
    assert faults(client, request_body) == [
        ("/assemblies/label/bom/1/amount", "no_net_output"),
        ("/assemblies/ink/bom/0/amount", "no_net_output"),
    ]


def test_assemblies_that_multiply_beyond_numbers_are_refused(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    # each step multiplies by 1e30, and 12 steps by 1e360: more than a double holds
    parts = {
        f"p{step}": {
            "amount": 1e-15,
            "unit": "kg",
            "bom": [{"assembly": f"p{step + 1}", "amount": 1e15, "unit": "kg"}],
        }
        for step in range(12)
    }
    diesel = {"product": "diesel", "amount": 1, "unit": "kg"}
    parts["p12"] = {"amount": 1, "unit": "kg", "bom": [diesel]}
    bought = {"stage": "use", "assembly": "p0", "amount": 1, "unit": "kg"}
    request_body |= {"bom": [bought], "assemblies": parts}
    assert faults(client, request_body) == [("/assemblies", "absurd_amounts")]
    response = client.post("/v1/footprints:contributions", json=request_body)
    assert problem(response, 422)["errors"][0]["code"] == "absurd_amounts"


def test_more_lines_than_allowed_are_refused_unread(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    line = request_body["bom"][0]
    many = request_body | {"bom": [line | {"id": f"{index}"} for index in range(60)]}
    assert faults(client, many) == [("/bom", "too_many_lines")]
    assert faults(client, many | {"bom": [1] * 50_000, "name": ""}) == [
        ("/bom", "too_many_lines"),
        ("/name", "bad_value"),
    ]
    parts = {f"p{index}": {"amount": 1, "unit": "kg"} for index in range(60)}
    assert faults(client, request_body | {"assemblies": parts}) == [("/bom", "too_many_lines")]


def test_a_flood_of_faults_is_answered_with_a_bounded_list(client: TestClient) -> None:
    assert len(faults(client, {f"field-{index}": 1 for index in range(10_000)})) == 1000


def test_minus_zero_is_zero(client: TestClient, request_body: dict[str, Any]) -> None:
    request_body["bom"][1]["amount"] = -0.0
    answer = client.post("/v1/footprints", json=request_body).json()
    ship = answer["indicators"][0]["by_line"]["ship"]
    assert ship == 0
    assert math.copysign(1, ship) == 1


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b"  \n",
    "broken off": b'{"name": "x", ',
    "a list": b"[]",
    "a text": b'"footprint"',
    "null": b"null",
    "trailing": b"{} {}",
    "not utf-8": b'{"name": "\xff"}',
    "utf-16": '{"name": "x"}'.encode("utf-16"),
    "a key twice": b'{"name": "x", "name": "y"}',
    "a key twice, inside": b'{"bom": [{"amount": 1, "amount": 2}]}',
    "deep lists": b"[" * 10_000,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "deep enough": b'{"a":' * 100 + b"1" + b"}" * 100,
    "an integer of 5000 digits": b'{"name": ' + b"9" * 5000 + b"}",
    "half a surrogate pair": b'{"name": "\\ud800"}',
    "half a surrogate pair as a key": b'{"\\udfff": 1}',
    "a null byte": b'{"name": "x"}\x00',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("path", ["/v1/footprints", "/v1/footprints:contributions"])
def test_what_is_no_json_object_is_a_bad_request(
    client: TestClient, path: str, body: bytes
) -> None:
    found = problem(client.post(path, content=body, headers=JSON), 400)
    assert [each["code"] for each in found["errors"]] == ["malformed_json"]


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e400", "-1e400"])
def test_a_number_that_is_not_finite_is_pointed_at_among_the_other_faults(
    client: TestClient, request_body: dict[str, Any], literal: str
) -> None:
    request_body["bom"][0]["amount"] = 12345
    request_body["bom"][1]["product"] = "shipping"
    body = json.dumps(request_body).replace("12345", literal)
    response = client.post("/v1/footprints", content=body, headers=JSON)
    found = {(each["pointer"], each["code"]) for each in problem(response, 422)["errors"]}
    assert found == {("/bom/0/amount", "bad_amount"), ("/bom/1/product", "unknown_product")}
    assert "NaN" not in response.text


@pytest.mark.parametrize(
    ("field", "text", "pointer"),
    [
        ("name", "NaN", "/name"),
        ("location", "-Infinity", "/location"),
        ("colour", "NaN", "/colour"),
        ("indicators", "[NaN]", "/indicators/0"),
        ("methods", '{"climate_change": NaN}', "/methods/climate_change"),
        ("assemblies", '{"label": NaN}', "/assemblies/label"),
    ],
)
def test_no_field_takes_a_number_that_is_not_finite(
    client: TestClient, request_body: dict[str, Any], field: str, text: str, pointer: str
) -> None:
    del request_body["bom"][2]
    body = json.dumps(request_body | {field: "HERE"}).replace('"HERE"', text)
    response = client.post("/v1/footprints", content=body, headers=JSON)
    assert [each["pointer"] for each in problem(response, 422)["errors"]] == [pointer]


def test_a_byte_order_mark_is_passed_over(client: TestClient, request_body: dict[str, Any]) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(request_body).encode()
    assert client.post("/v1/footprints", content=body, headers=JSON).status_code == 200


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_another_media_type_is_refused(client: TestClient, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    problem(client.post("/v1/footprints", content=b"{}", headers=headers), 415)


@pytest.mark.parametrize("path", ["/v1/footprints", "/nowhere"])
def test_a_body_over_the_limit_is_refused_announced_or_not(client: TestClient, path: str) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(30):
            yield b" " * 10_000

    problem(client.post(path, content=b" " * 300_000, headers=JSON), 413)
    response = client.post(path, content=parts(), headers=JSON)
    assert "content-length" not in response.request.headers
    problem(response, 413)


def test_a_refused_request_leaves_the_service_as_it_was(
    client: TestClient, request_body: dict[str, Any]
) -> None:
    before = client.post("/v1/footprints", json=request_body).content.partition(b'"name"')[2]
    wrong = copy.deepcopy(request_body) | {"location": "XX"}
    problem(client.post("/v1/footprints", json=wrong), 422)
    after = client.post("/v1/footprints", json=request_body).content.partition(b'"name"')[2]
    assert after == before


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/products/disel", 404, "unknown_product"),
        ("/v1/products/%00", 404, "unknown_product"),
        ("/v1/activities/refining@XX", 404, "unknown_activity"),
        ("/v1/products?location=XX", 422, "unknown_location"),
        ("/v1/products?location=AN", 422, "retired_location"),
        ("/v1/products?limit=0", 422, "bad_parameter"),
        ("/v1/products?limit=x&offset=-1", 422, "bad_parameter"),
    ],
)
def test_a_wrong_address_is_a_problem(
    client: TestClient, path: str, status: int, code: str
) -> None:
    found = problem(client.get(path), status)
    assert {each["code"] for each in found["errors"]} == {code}
