"""The report, read as a customer would: figures as in the JSON, with units, nothing cut off."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.exports.numerals import shown
from api.settings import Settings
from lca_service.engine import Engine
from tests.api.test_exports import strange

PATH = "/v1/footprints"
NEEDED = "needs Debian's fonts-noto-core, fonts-noto-cjk and poppler-utils"


@pytest.fixture
def service(tiny: Engine, tmp_path: Path) -> TestClient:
    url = f"sqlite:///{tmp_path / 'kept.sqlite'}"
    return TestClient(create_app(Settings(data_root=tmp_path, database_url=url), engine=tiny))


def keep(service: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    response = service.post(PATH, json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def report(service: TestClient, kept: dict[str, Any]) -> bytes:
    response = service.get(f"{PATH}/{kept['id']}", params={"format": "pdf"})
    if response.status_code == 422 and not os.environ.get("CI"):
        pytest.skip(NEEDED)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/pdf"
    return response.content


def read(made: bytes) -> tuple[str, int]:
    """Return the text of a report, and how many pages it has."""
    if shutil.which("pdftotext") is None and not os.environ.get("CI"):
        pytest.skip(NEEDED)
    asked = ["pdftotext", "-layout", "-enc", "UTF-8", "-", "-"]
    text = subprocess.run(asked, input=made, capture_output=True, check=True).stdout.decode()
    return text, text.count("\f")


def test_the_figures_are_those_of_the_json_with_their_units(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    kept = keep(service, request_body)
    text, pages = read(report(service, kept))
    assert 2 <= pages <= 4
    for each in kept["indicators"]:
        lines = [line for line in text.splitlines() if each["unit"] in line]
        assert any(shown(each["value"]) in line for line in lines), each["id"]
    (climate,) = (each for each in kept["indicators"] if each["id"] == "climate_change.total")
    for name, value in climate["by_line"].items():
        assert re.search(rf"^ *{name} .* {re.escape(shown(value))}( |$)", text, re.MULTILINE), name
    for word in ("not reviewed", "partial", "IPCC AR6", kept["id"], kept["manifest"]["data_hash"]):
        assert word in text
    for each in kept["sources"]:
        assert each["citation"].split()[0] in text
        assert each["licence"] in text


def test_two_hundred_lines_in_any_script_are_all_there(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    body = strange(request_body)
    body["bom"][7]["id"] = "x" * 200  # no word of a language
    kept = keep(service, body)
    made = report(service, kept)
    text, _ = read(made)
    # right to left, so that the order of the words is the reader's
    for index in range(200):
        assert re.search(rf"\b{index}\b", text), index
    assert "棉布袋 100" in text
    assert text.count("x" * 24) >= 8
    assert '#read("/etc/passwd")' not in text
    page = re.findall(r"page (\d+) of (\d+)", text)
    assert [int(number) for number, _ in page] == list(range(1, int(page[0][1]) + 1))


def test_what_a_user_writes_is_no_markup(service: TestClient, request_body: dict[str, Any]) -> None:
    name = '#read("/etc/passwd") *bold* $x^2$ @ref <label> \\u{1F600} [a](b)'
    text, _ = read(report(service, keep(service, {**request_body, "name": name})))
    assert name.split("[")[0].strip() in " ".join(text.split())


def test_the_same_footprint_makes_the_same_file(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    kept = keep(service, request_body)
    assert report(service, kept) == report(service, kept)
    asked = service.get(f"{PATH}/{kept['id']}", headers={"Accept": "application/pdf"})
    assert asked.content == report(service, kept)


def test_a_character_that_no_font_has_is_told(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    kept = keep(service, {**request_body, "name": "bag \u0378"})  # no character
    refused = service.get(f"{PATH}/{kept['id']}", params={"format": "pdf"})
    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert fault["code"] == "font_missing"
    assert "fonts-noto" in fault["hint"]


def test_unknown_values_are_shown_with_their_reasons(
    service: TestClient, request_body: dict[str, Any]
) -> None:
    fibre = {"product": "seed-cotton", "stage": "raw_materials", "amount": 1, "unit": "kg"}
    kept = keep(service, {**request_body, "bom": [fibre], "indicators": []})
    text, _ = read(report(service, kept))
    unknown = [each for each in kept["indicators"] if each["value"] is None]
    assert unknown
    for each in unknown:
        assert " ".join(each["reason"].split()[:3]) in " ".join(text.split())
