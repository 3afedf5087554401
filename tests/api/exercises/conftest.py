"""An exercise of one's own on the tiny world, whose numbers can be worked out by hand."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from api.exercises.book import Book
from api.exercises.shape import Exercise


def everywhere(text: str) -> dict[str, str]:
    return {"en": text, "zh": text, "fr": text, "es": text, "ru": text, "ar": text}


@pytest.fixture
def written() -> dict[str, Any]:
    """Return an exercise as a trainer writes it: 3 to 12 kWh, bought at home and abroad.

    In the tiny world a kWh of the grid is 1.04466 kg CO2e in India, told as 1.045, and a t*km by
    ship 0.0074 (test_engine.py derives both).
    """
    return {
        "order": 1,
        "day": 1,
        "level": "beginner",
        "minutes": 10,
        "topics": ["electricity"],
        "title": everywhere("Power and freight"),
        "goal": everywhere("Multiply and add."),
        "story": everywhere("A mill in {country} sells to {other}."),
        "places": {"other": {"title": everywhere("Where it sells"), "usual": ["ZA", "IN"]}},
        "given": {
            "power": {
                "title": everywhere("Power"),
                "unit": "kWh",
                "minimum": 3,
                "maximum": 12,
                "step": 0.5,
            },
            "freight": {
                "title": everywhere("Freight"),
                "unit": "t*km",
                "minimum": 40,
                "maximum": 90,
                "step": 10,
            },
        },
        "data": {
            "grid": {
                "title": everywhere("Grid"),
                "product": "electricity-low-voltage",
                "indicator": "climate_change.total",
            },
            "ship": {
                "title": everywhere("Ship"),
                "product": "freight-sea-container",
                "indicator": "climate_change.total",
            },
        },
        "formulas": {
            "by_power": {"title": everywhere("Of power"), "formula": "power * grid", "unit": "kg"}
        },
        "studies": {
            "mill": {
                "declared_unit": {"amount": 1, "unit": "piece"},
                "bom": [
                    {
                        "id": "power",
                        "stage": "manufacturing",
                        "product": "electricity-low-voltage",
                        "amount": "power",
                        "unit": "kWh",
                    },
                    {
                        "id": "ship",
                        "stage": "distribution",
                        "product": "freight-sea-container",
                        "amount": "freight",
                        "unit": "t*km",
                    },
                ],
            }
        },
        "results": {
            "all": {"study": "mill", "indicator": "climate_change.total"},
            "power_alone": {
                "study": "mill",
                "indicator": "climate_change.total",
                "lines": ["power"],
            },
            "sold": {
                "study": "mill",
                "indicator": "climate_change.total",
                "stage": "distribution",
            },
        },
        "questions": [
            {
                "id": "total",
                "text": everywhere("What is its carbon footprint?"),
                "unit": "kg",
                "shown_unit": "kg CO2e",
                "answer": "by_power + freight * ship",
                "engine": "power_alone + sold",
                "hints": [everywhere("Two parts."), everywhere("Add them.")],
                "mistakes": [
                    {"kind": "forgotten-stage", "set": {"freight": "0 * freight"}},
                    {"kind": "double-counting", "set": {"freight": "3 * freight"}},
                ],
            },
            {
                "id": "larger",
                "text": everywhere("Which part is larger?"),
                "choices": {
                    "power": {"text": everywhere("Power"), "when": "by_power > freight * ship"},
                    "freight": {"text": everywhere("Freight"), "when": "1"},
                },
                "hints": [everywhere("Compare.")],
                "mistakes": [
                    {"kind": "largest-amount-for-hotspot", "set": {"ship": "1 * kg/(t*km)"}}
                ],
            },
        ],
        "trainer": {
            "learners_get_wrong": everywhere("They forget freight."),
            "how_to_discuss": everywhere("Ask which part is larger."),
        },
        "sources": ["Chosen for the tests of this service"],
    }


@pytest.fixture
def exercise(written: dict[str, Any]) -> Exercise:
    return Exercise.model_validate({**written, "id": "power-and-freight"})


@pytest.fixture
def folder(tmp_path: Path, written: dict[str, Any]) -> Path:
    path = tmp_path / "own" / "power-and-freight.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), "utf-8")
    return path.parent


@pytest.fixture
def book(folder: Path) -> Book:
    return Book(folder)
