"""Charts and tables of policy answers: whole, in six languages, the same each time."""

import csv
import io
import json
import re
import zipfile
from typing import Any
from xml.etree import ElementTree

import altair
import pytest
from fastapi.testclient import TestClient

from api.charts.labels import labels, number, printed_unit, title
from api.charts.publish import publish
from api.charts.shapes import Bar, Bars, Cell, Grades, Heat, Lines, Point, Publication, Row
from api.charts.text import wrapped
from api.examples import CLAIM_REQUEST, COMPARISON_REQUEST, EVALUATION_REQUEST, RATING_REQUEST
from api.schemas.language import LANGUAGES, Language

LONG = {
    "en": "Cotton yarn, ring-spun, of cotton from the Indus valley and from Gujarat",
    "zh": "环锭纺棉纱、采用印度河流域和古吉拉特邦种植的棉花、染色与整理之前",
    "ar": "خيوط قطنية مغزولة بالحلقات من قطن وادي السند وغوجارات قبل الصباغة والتجهيز",
}


def publication(language: Language) -> Publication:
    """Return one panel of each kind, with the longest names."""
    name = LONG.get(language, LONG["en"])
    return Publication(
        title=title("comparison", name, language),
        panels=[
            Bars("B", "kg CO2e", [Bar(name, 3e6, 2e6, 5e6), Bar("b", -1e6), Bar(f"{name} 2", 0.0)]),
            Lines(
                name,
                "m3",
                {
                    name: [Point(2025, 1.0, 0.5, 2.0), Point(2026, 2.0, 1.0, 3.0)],
                    "b": [Point(2025, 2.0), Point(2026, 1.0)],
                },
                (name, 1.5),
            ),
            Heat(name, [name, "b"], ["IN", "KE"],
                 [Cell(name, "IN", 0.7, is_marked=True), Cell(name, "KE", None),
                  Cell("b", "IN", 0.3), Cell("b", "KE", 0.0)], name),
            Grades(name, "kg CO2e", [(5, 1.0), (50, 2.0), (95, 4.0)],
                   [("A", 1.2), ("B", 1.8), ("C", 2.2), ("D", 3.0)], [Bar(name, 2.5)]),
        ],
        rows=[Row("climate_change.total", "value", "=1+1", value=1.5, unit="kg CO2e")],
        caption=[name * 3, "ipcc_ar6_gwp100 2026.1"],
    )  # fmt: skip


def test_every_word_is_in_six_languages() -> None:
    found = labels()
    for kind in (found.indicators, found.words, found.titles):
        for name, each in kind.items():
            assert set(each) == set(LANGUAGES), name
            assert all(each.values())


def test_every_indicator_of_the_release_has_a_name(engine: Any) -> None:
    assert set(engine.catalogue.default_categories) <= set(labels().indicators)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_specification_is_vega_lite_and_the_same_each_time(language: Language) -> None:
    made = publish(publication(language), "vega-lite", language)
    assert made == publish(publication(language), "vega-lite", language)
    altair.Chart.from_dict(json.loads(made))  # validates against the official schema


@pytest.mark.parametrize("language", ["en", "zh", "ar"])
def test_no_text_is_cut_and_the_picture_is_the_same_each_time(language: Language) -> None:
    svg = publish(publication(language), "svg", language)
    assert svg == publish(publication(language), "svg", language)
    tree = ElementTree.fromstring(svg)
    width, height = float(tree.get("width", "0")), float(tree.get("height", "0"))
    texts = ["".join(each.itertext()) for each in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert texts
    assert not any("…" in each for each in texts)  # Vega's sign of a text that it cut
    for x, y in places(tree):
        assert -1 <= x <= width + 1
        assert -1 <= y <= height + 1
    png = publish(publication(language), "png", language)
    assert png.startswith(b"\x89PNG")


def places(tree: ElementTree.Element) -> list[tuple[float, float]]:
    """Return where texts stand in the picture."""
    found: list[tuple[float, float]] = []

    def walk(node: ElementTree.Element, x: float, y: float) -> None:
        for dx, dy in re.findall(r"translate\(([-\d.]+),\s*([-\d.]+)\)", node.get("transform", "")):
            x, y = x + float(dx), y + float(dy)
        if node.tag.endswith("}text"):
            found.append((x, y))
        for child in node:
            walk(child, x, y)

    walk(tree, 0.0, 0.0)
    return found


def test_a_table_is_read_by_spreadsheets_and_runs_nothing() -> None:
    text = publish(publication("fr"), "csv", "fr").decode("utf-8-sig")
    head, row = list(csv.reader(io.StringIO(text)))
    assert head[0] == "Indicateur"
    assert row[:6] == ["Changement climatique", "Valeur", "'=1+1", "", "", "1.5"]
    book = publish(publication("ru"), "xlsx", "ru")
    assert book == publish(publication("ru"), "xlsx", "ru")
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        assert "Изменение климата" in parts.read("xl/sharedStrings.xml").decode()


def test_numbers_and_units_are_fit_to_print() -> None:
    assert number(12345.6, "fr") == "12\u202f300"
    assert number(0.00001, "en") == "1E-5"
    assert printed_unit("kg CO2e", 2.4e10) == (1e-9, "Mt CO2e")
    assert wrapped("再生纸与原生纸的比较", 8) == ["再生纸与", "原生纸的", "比较"]


FORMS = {
    "csv": b"\xef\xbb\xbf",
    "xlsx": b"PK",
    "vega-lite": b"{",
    "svg": b"<svg",
    "png": b"\x89PNG",
}


@pytest.mark.parametrize("form", list(FORMS))
@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/v1/comparisons", {**COMPARISON_REQUEST, "uncertainty": {"samples": 64, "seed": 0}}),
        ("/v1/comparisons:check-claim",
         {**CLAIM_REQUEST, "uncertainty": {"samples": 64, "seed": 0}}),
        ("/v1/scenarios:evaluate", EVALUATION_REQUEST),
        ("/v1/measures/reusable-bags:evaluate", {"indicators": ["climate_change.total"]}),
        ("/v1/hotspots/buildings", None),
        ("/v1/benchmarks/copy-paper?samples=64", None),
        ("/v1/trends?countries=KE,FR", None),
        ("/v1/benchmarks/t-shirt:rate",
         {**RATING_REQUEST, "uncertainty": {"samples": 64, "seed": 0}}),
    ],
)  # fmt: skip
def test_every_answer_comes_in_every_form(
    service: TestClient, url: str, body: dict[str, Any] | None, form: str
) -> None:
    query = f"{'&' if '?' in url else '?'}format={form}&language=es"
    response = service.get(url + query) if body is None else service.post(url + query, json=body)
    assert response.status_code == 200, response.text
    assert response.content.startswith(FORMS[form])
    assert response.headers["content-language"] == "es"
    if form == "vega-lite":
        altair.Chart.from_dict(response.json())


def test_an_accept_header_chooses_the_form_and_the_language(service: TestClient) -> None:
    headers = {"Accept": "image/svg+xml", "Accept-Language": "zh"}
    response = service.get("/v1/hotspots/textiles", headers=headers)
    assert response.headers["content-type"] == "image/svg+xml"
    assert "热点" in response.text
    again = service.get(
        "/v1/hotspots/textiles", headers={**headers, "If-None-Match": response.headers["etag"]}
    )
    assert again.status_code == 304
    assert service.get("/v1/hotspots/textiles", headers={"Accept": "text/html"}).status_code == 406
