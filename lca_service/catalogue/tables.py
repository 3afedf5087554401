"""The kinds of table that knowledge is written in, as Table Schemas.

Every resource of a ``datapackage.json`` names its ``kind``; the schema follows from it,
so that the columns of a kind are written down once, here.
"""

from __future__ import annotations

from typing import Any

Field = dict[str, Any]

_REQUIRED = {"constraints": {"required": True}}
_BASES = ["measured", "statistics", "literature", "derived", "estimated"]


def _text(*names: str) -> list[Field]:
    return [{"name": name, "type": "string"} for name in names]


def _needed(*names: str) -> list[Field]:
    return [{**field, **_REQUIRED} for field in _text(*names)]


def _number(name: str, *, required: bool = False, **constraints: float) -> Field:
    rules: dict[str, Any] = {**constraints, **({"required": True} if required else {})}
    return {"name": name, "type": "number", **({"constraints": rules} if rules else {})}


def _choice(name: str, *values: str) -> Field:
    return {"name": name, "type": "string", "constraints": {"enum": list(values)}}


def _required_choice(name: str, *values: str) -> Field:
    return {"name": name, "type": "string", "constraints": {"required": True, "enum": [*values]}}


def _flag(name: str) -> Field:
    return {
        "name": name,
        "type": "boolean",
        "trueValues": ["true"],
        "falseValues": ["false"],
        **_REQUIRED,
    }


_FIGURES = [
    *_needed("quantity"),
    *_text("subject"),
    *_needed("location"),
    _number("value", required=True),
    *_needed("unit", "year"),
    _required_choice("basis", *_BASES),
    _number("gsd", minimum=1.0),
    _number("minimum"),
    _number("maximum"),
    *_needed("source", "locator"),
    *_text("note"),
]

FIELDS: dict[str, list[Field]] = {
    "figures": _FIGURES,
    "sources": [
        *_needed("source", "title", "citation", "year", "licence"),
        *_text("url"),
        *_needed("obtained"),
        *_text("file", "sha256", "note"),
    ],
    "products": [
        *_needed("product", "name", "unit", "category"),
        *_text("synonyms", "description"),
    ],
    "locations": [
        *_needed("location", "name"),
        _choice("kind", "country", "intermediate", "subregion", "region", "world"),
        *_text("parent", "iso3", "m49", "note"),
    ],
    "locations_retired": [
        *_needed("location", "name"),
        *_text("successors", "withdrawn", "note"),
    ],
    "aliases": [*_needed("alias", "location"), *_text("note")],
    "flows": [
        *_needed("flow", "name", "unit", "compartment"),
        _flag("regional"),
        _choice("category", "climate", "water", "land"),
        *_text("cas", "formula", "description"),
        *_needed("source", "locator"),
    ],
    "blends": [
        *_needed("blend", "flow"),
        _number("share", required=True, minimum=0.0, maximum=1.0),
        *_needed("source", "locator"),
    ],
    "categories": [
        *_needed("indicator", "name", "unit", "definition"),
        *_text("blocked_by", "partial_by"),
    ],
    "factors": [
        *_needed("indicator", "flow"),
        *_text("location"),
        _number("value", required=True),
        *_needed("unit", "source", "locator"),
        *_text("note"),
    ],
    "country_indicators": [
        *_needed("indicator", "name", "unit"),
        _required_choice("pillar", "environment", "economy", "social"),
        _required_choice("role", "pressure", "activity", "population", "context"),
        _flag("per_person"),
        *_needed("definition", "source", "locator"),
    ],
    "country_series": [
        *_needed("indicator", "location"),
        {"name": "year", "type": "integer", **_REQUIRED},
        _number("value", required=True),
        *_needed("unit"),
        _required_choice("basis", *_BASES),
        *_needed("source", "locator"),
        *_text("note"),
    ],
    "comparisons": [
        *_needed("comparison", "sector"),
        *_text("product", "location", "mix"),
        *_needed("indicator"),
        _number("value", required=True),
        _number("minimum"),
        _number("maximum"),
        *_needed("unit", "boundary"),
        *_text("gwp_set"),
        *_needed("year"),
        *_text("allocation"),
        *_needed("source", "locator"),
        _flag("consistency"),
        *_text("difference", "request"),
    ],
    "bands": [
        *_needed("template", "source"),
        _number("minimum", required=True),
        _number("maximum", required=True),
        *_needed("unit"),
        _choice("per", "declared_unit", "mass"),
        *_needed("stages", "boundary", "year", "locator"),
        _flag("added"),
    ],
}

KEYS: dict[str, list[str]] = {
    "figures": ["quantity", "subject", "location"],
    "sources": ["source"],
    "products": ["product"],
    "locations": ["location"],
    "locations_retired": ["location"],
    "aliases": ["alias"],
    "flows": ["flow"],
    "blends": ["blend", "flow"],
    "categories": ["indicator"],
    "factors": ["indicator", "flow", "location"],
    "country_indicators": ["indicator"],
    "country_series": ["indicator", "location", "year"],
    "comparisons": ["comparison"],
    "bands": ["template", "source"],
}


def schema(kind: str, *, sources: str) -> dict[str, Any]:
    """Return the Table Schema of a kind of table.

    Parameters
    ----------
    kind
        One of `FIELDS`.
    sources
        Name of the resource that lists the package's sources; tables with a ``source``
        column refer to it by foreign key.
    """
    fields = FIELDS[kind]
    table: dict[str, Any] = {
        "fields": fields,
        "primaryKey": KEYS[kind],
        "missingValues": [""],
    }
    if kind != "sources" and any(field["name"] == "source" for field in fields):
        table["foreignKeys"] = [
            {
                "fields": ["source"],
                "reference": {"resource": sources, "fields": ["source"]},
            }
        ]
    return table
