"""Product categories: their questions, the bills that answers make, and what looks wrong."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient

from benchmarks.validation.bands import COUNTRIES

PATH = "/v1/categories"


def ask(shipped: TestClient, category: str, **value: Any) -> Any:
    response = shipped.post(f"{PATH}/{category}/footprints", json=value)
    assert response.status_code == 200, response.text
    return response.json()


def values(answer: Any) -> dict[str, float | None]:
    return {each["id"]: each["value"] for each in answer["indicators"]}


def categories(shipped: TestClient) -> list[str]:
    return [each["id"] for each in shipped.get(PATH).json()["items"]]


def test_the_categories_of_the_issue_are_there(shipped: TestClient) -> None:
    assert set(categories(shipped)) >= {
        "t-shirt", "trousers", "leather-shoe", "sneaker", "copy-paper", "corrugated-box",
        "refrigerator", "washing-machine", "led-lamp", "food", "rice", "beverage-bottle",
        "building", "event", "hotel-night", "office-year",
    }  # fmt: skip


def test_every_template_runs_in_many_countries(shipped: TestClient) -> None:
    for category in categories(shipped):
        found = [
            values(ask(shipped, category, location=place, indicators=["climate_change.total"]))
            for place in COUNTRIES
        ]
        totals = [each["climate_change.total"] for each in found]
        assert all(each is not None and each > 0 for each in totals), category
        assert len(set(totals)) > 30, category


def test_every_default_has_a_source_or_says_how_it_was_estimated(shipped: TestClient) -> None:
    for category in categories(shipped):
        schema = shipped.get(f"{PATH}/{category}/schema").json()
        jsonschema.Draft202012Validator.check_schema(schema)
        for each in schema["properties"]["parameters"]["properties"].values():
            if "x-unit" in each:
                assert each["x-source"] or (each["x-basis"] == "estimated" and each["x-note"])
                assert each["x-usual-minimum"] <= each["default"] <= each["x-usual-maximum"]


@pytest.mark.parametrize(
    ("category", "example", "parameters", "lines"),
    [
        (
            "t-shirt",
            "tshirt-cn.json",
            {"market": "DE", "fibre_origin": "CN", "fibre_rail": 3500, "sea": 22240},
            None,
        ),
        ("rice", "rice-th.json", {}, None),
        ("refrigerator", "refrigerator-electricity-ke.json", {}, ["electricity"]),
    ],
)
def test_templates_give_the_numbers_of_the_bills_made_by_hand(
    shipped: TestClient,
    root: Path,
    category: str,
    example: str,
    parameters: dict[str, Any],
    lines: list[str] | None,
) -> None:
    body = json.loads((root / "examples" / example).read_text("utf-8"))
    by_hand = shipped.post("/v1/footprints", json=body).json()
    made = ask(shipped, category, location=body["location"], parameters=parameters)
    for ours, theirs in zip(made["indicators"], by_hand["indicators"], strict=True):
        if ours["value"] is None:  # the whole machine may have what its electricity has not
            assert lines is not None or theirs["value"] is None
            assert ours["id"] != "climate_change.total"
            continue
        # the bill by hand is rounded to four digits
        if lines is None:
            assert ours["value"] == pytest.approx(theirs["value"], rel=1e-3)
        for line in lines or theirs["by_line"]:
            assert ours["by_line"][line] == pytest.approx(theirs["by_line"][line], rel=1e-3)


def test_what_a_template_makes_is_an_ordinary_bill_with_its_answers(shipped: TestClient) -> None:
    value = {"location": "BD", "parameters": {"mass": {"amount": 180, "unit": "g"}, "market": "DE"}}
    bill = shipped.post(f"{PATH}/t-shirt:expand", json=value).json()
    made = ask(shipped, "t-shirt", **value)
    plain = shipped.post("/v1/footprints", json=bill).json()
    assert values(plain) == values(made)
    assert shipped.get(f"/v1/footprints/{made['id']}/request").json() == bill
    used = bill["template"]["parameters"]
    assert (used["mass"]["amount"], used["mass"]["status"]) == (pytest.approx(0.18), "given")
    assert used["washes"]["status"] == "default"
    assert "PEFCR" in used["washes"]["source"]
    assert made["declared_unit"]["mass_kg"] == pytest.approx(0.18)
    assert used["dyeing_loss"]["status"] == "proxy"  # an estimate
    assert used["fibre_origin"]["status"] == "completed"  # where the shirt is made
    amounts = bill["template"]["amounts"]
    assert set(amounts) == {line["id"] for line in bill["bom"]}
    # mass alone; mass and washes; the yarn over the dyeing loss
    assert [amounts[each] for each in ("sewing", "washing", "spinning")] == [
        "completed",
        "default",
        "proxy",
    ]
    assert "washes 45 (default: Ecobalyse, from the PEFCR" in scenarios(made)
    assert "dyeing_loss 0.03 (proxy: Estimate" in scenarios(made)
    edited = shipped.post("/v1/footprints", json={**bill, "bom": bill["bom"][:5]}).json()
    assert values(edited) != values(made)
    assert "and changed since" in scenarios(edited)
    assert "PEFCR" not in scenarios(edited)


def scenarios(answer: Any) -> str:
    found: str = answer["statement"]["scenarios"]
    return found


def test_a_template_that_a_request_claims_is_not_believed(shipped: TestClient) -> None:
    bill = shipped.post(f"{PATH}/t-shirt:expand", json={"location": "BD"}).json()
    claimed = json.loads(json.dumps(bill))
    claimed["template"]["parameters"]["washes"] |= {"source": "audited by somebody"}
    answer = shipped.post("/v1/footprints", json=claimed).json()
    assert "audited" not in scenarios(answer)
    claimed["template"]["id"] = "iso-14067-verified"
    refused = shipped.post("/v1/footprints", json=claimed)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/template/id"


def test_a_bottle_weighs_what_its_material_does(shipped: TestClient) -> None:
    masses = {
        kind: shipped.post(
            f"{PATH}/beverage-bottle:expand",
            json={"location": "DE", "parameters": {"bottle": kind}},
        ).json()["bom"][0]["amount"]
        for kind in ("PET", "glass", "aluminium", "carton")
    }
    assert masses["glass"] > 10 * masses["PET"]
    one = ask(shipped, "beverage-bottle", location="DE", parameters={"bottle": "glass"})
    other = ask(shipped, "beverage-bottle", location="DE", parameters={"bottle": "PET"})
    assert values(one)["climate_change.total"] > values(other)["climate_change.total"]


def test_what_stays_in_its_place_is_not_shipped(shipped: TestClient) -> None:
    for market, lines in (({}, 0), ({"market": "BD"}, 0), ({"market": "DE"}, 1)):
        bill = shipped.post(f"{PATH}/t-shirt:expand", json={"location": "BD", "parameters": market})
        assert sum(line["id"] == "ship" for line in bill.json()["bom"]) == lines


@pytest.mark.parametrize(
    ("parameters", "pointer"),
    [
        ({"mas": 1}, "/parameters/mas"),
        ({"mass": "heavy"}, "/parameters/mass"),
        ({"mass": -1}, "/parameters/mass"),
        ({"mass": True}, "/parameters/mass"),
        ({"mass": {"amount": 1, "unit": "kWh"}}, "/parameters/mass"),
        ({"mass": {"amount": 1}}, "/parameters/mass"),
        ({"market": 5}, "/parameters/market"),
        ({"cutting_loss": 1}, "/parameters"),
    ],
)
def test_answers_that_cannot_be_are_refused(
    shipped: TestClient, parameters: dict[str, Any], pointer: str
) -> None:
    response = shipped.post(
        f"{PATH}/t-shirt/footprints", json={"location": "BD", "parameters": parameters}
    )
    assert response.status_code == 422
    assert pointer in [each["pointer"] for each in response.json()["errors"]]


def test_faults_of_answers_come_together(shipped: TestClient) -> None:
    wrong = {"parameters": {"mas": 1, "washes": "x"}, "colour": "red"}
    response = shipped.post(f"{PATH}/t-shirt/footprints", json=wrong)
    pointers = {each["pointer"] for each in response.json()["errors"]}
    assert pointers == {"/location", "/colour", "/parameters/mas", "/parameters/washes"}
    assert shipped.get(f"{PATH}/tshirt/schema").status_code == 404
    choice = shipped.post(
        f"{PATH}/building/footprints", json={"location": "KE", "parameters": {"frame": "straw"}}
    )
    assert "timber" in choice.json()["errors"][0]["detail"]


def warned(answer: Any) -> dict[str, Any]:
    return {each["code"]: each for each in answer["warnings"]}


def test_a_value_beyond_its_usual_range_is_told_and_a_thousandfold_one_asked(
    shipped: TestClient,
) -> None:
    answer = ask(shipped, "led-lamp", location="KE", parameters={"electricity": 9000})
    told = warned(answer)["unusual_value"]
    assert told["pointer"] == "/template/parameters/electricity/amount"
    assert "thousandth" in told["detail"]
    answer = ask(shipped, "t-shirt", location="KE", parameters={"mass": 150})
    assert "is the unit right" in warned(answer)["unusual_value"]["detail"]
    assert "unusual_value" not in warned(ask(shipped, "t-shirt", location="KE"))


def test_what_looks_wrong_in_a_bill_is_told(shipped: TestClient) -> None:
    line = {"stage": "raw_materials", "product": "cotton-lint", "amount": 0.05, "unit": "kg"}
    use = {"stage": "use", "product": "electricity-low-voltage", "amount": 1, "unit": "kWh"}
    body = {
        "name": "Bag",
        "declared_unit": {"amount": 1, "unit": "piece", "mass_kg": 0.2},
        "location": "IN",
        "bom": [line, line, use],
    }
    answer = shipped.post("/v1/footprints", json=body).json()
    found = warned(answer)
    assert found["repeated_line"]["pointer"] == "/bom/1"
    assert found["mass_balance"]["pointer"] == "/declared_unit/mass_kg"
    missing = [each["detail"] for each in answer["warnings"] if each["code"] == "missing_stage"]
    assert ["manufacturing" in missing[0], "distribution" in missing[1]] == [True, True]
    heavy = {**body, "bom": [{**line, "amount": 9}]}
    assert "mass_balance" in warned(shipped.post("/v1/footprints", json=heavy).json())
    right = {**body, "bom": [{**line, "amount": 0.24}]}
    assert not set(warned(shipped.post("/v1/footprints", json=right).json())) & {
        "repeated_line", "mass_balance", "missing_stage", "negative_result",
    }  # fmt: skip


def test_a_choice_that_is_no_text_is_refused(shipped: TestClient) -> None:
    for wrong in (["timber"], {"frame": "timber"}, 1, True):
        body = {"location": "KE", "parameters": {"frame": wrong}}
        response = shipped.post(f"{PATH}/building/footprints", json=body)
        assert [each["pointer"] for each in response.json()["errors"]] == ["/parameters/frame"]


def test_materials_without_a_mass_leave_the_balance_open(shipped: TestClient) -> None:
    line = {"stage": "raw_materials", "product": "cotton-lint", "amount": 0.05, "unit": "kg"}
    body = {
        "name": "Bag",
        "declared_unit": {"amount": 1, "unit": "piece", "mass_kg": 0.2},
        "location": "IN",
        "bom": [line, {**line, "product": None, "assembly": "label", "amount": 1, "unit": "piece"}],
        "assemblies": {"label": {"amount": 1, "unit": "piece", "bom": [line]}},
    }
    answer = shipped.post("/v1/footprints", json=body).json()
    assert "mass_balance" not in warned(answer)


def test_purchases_that_differ_in_contract_or_parameters_are_not_the_same(
    shipped: TestClient,
) -> None:
    line = {"stage": "use", "product": "electricity-low-voltage", "amount": 1, "unit": "kWh"}
    contract = {"instrument": "I-REC", "shares": {"wind": 1.0}}
    coal = {**line, "product": "electricity-coal"}
    parameters = {"efficiency": {"amount": 41, "unit": "percent"}}
    body = {
        "name": "Power",
        "declared_unit": {"amount": 1, "unit": "kWh"},
        "location": "IN",
        "bom": [line, {**line, "contract": contract}, coal, {**coal, "parameters": parameters}],
    }
    assert "repeated_line" not in warned(shipped.post("/v1/footprints", json=body).json())
    body["bom"] = [{**line, "id": "a"}, {**line, "id": "b"}]
    assert "repeated_line" in warned(shipped.post("/v1/footprints", json=body).json())


def test_faults_point_to_the_answers_that_cause_them(shipped: TestClient) -> None:
    wrong = {"location": "BD", "parameters": {"market": "nowhere"}, "data_release": "1999.1"}
    address = f"{PATH}/t-shirt"
    made = shipped.post(f"{address}/footprints", json=wrong).json()["errors"]
    assert [(each["pointer"], each["code"]) for each in made] == [
        ("/data_release", "unknown_release"),
        ("/parameters/market", "unknown_location"),
    ]
    for answers in (wrong, {**wrong, "parameters": {}}):
        (fault,) = shipped.post(f"{address}:expand", json=answers).json()["errors"]
        assert (fault["pointer"], fault["code"]) == ("/data_release", "unknown_release")
    both = shipped.post(f"{address}:expand", json={**wrong, "parameters": {"mas": 1}}).json()
    assert {each["pointer"] for each in both["errors"]} == {"/data_release", "/parameters/mas"}
    nowhere = shipped.post(f"{address}/footprints", json={"location": "nowhere"}).json()
    assert "/location" in {each["pointer"] for each in nowhere["errors"]}
