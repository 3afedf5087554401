"""What changes in the answers when a data release follows another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from api.ask import ask_footprint
from api.read import read_json
from api.schemas.answer import FootprintAnswer
from lca_service.engine import Engine
from lca_service.errors import StudyError

_MOST_LINES = 10_000


def difference_page(old: Engine, new: Engine, requests: Mapping[str, bytes]) -> str:
    """Return a Markdown page: what changed in the tables, and in the answers to requests.

    Parameters
    ----------
    old, new
        The two releases, opened by the same engine.
    requests
        Bodies of footprint requests by name.
    """
    lines = [
        f"# From data release {old.catalogue.release} to {new.catalogue.release}",
        "",
        f"`{old.catalogue.data_hash[:12]}` to `{new.catalogue.data_hash[:12]}`, both computed by "
        f"engine {new.version}.",
        "",
        "| | old | new | added | removed | changed |",
        "|---|---|---|---|---|---|",
        *_table_rows(old, new),
        "",
        "Answers to the requests in `examples/`; ratio is new / old.",
        "",
        "| request | indicator | unit | old | new | ratio |",
        "|---|---|---|---|---|---|",
        *(row for name, body in requests.items() for row in _request_rows(name, body, old, new)),
        "",
    ]
    return "\n".join(lines)


def _table_rows(old: Engine, new: Engine) -> Iterator[str]:
    """Yield a row each for products, activities and figures."""
    before, after = old.catalogue, new.catalogue
    pairs: list[tuple[str, dict[Any, Any], dict[Any, Any]]] = [
        (
            "products",
            dict(before.nomenclature.products),
            dict(after.nomenclature.products),
        ),
        (
            "activities",
            {each.id: each.data_class for each in before.activities},
            {each.id: each.data_class for each in after.activities},
        ),
        (
            "figures",
            {figure.key: (figure.value, figure.unit) for figure, _ in before.figures},
            {figure.key: (figure.value, figure.unit) for figure, _ in after.figures},
        ),
    ]
    for name, first, second in pairs:
        shared = first.keys() & second.keys()
        changed = sum(first[key] != second[key] for key in shared)
        yield (
            f"| {name} | {len(first)} | {len(second)} | {len(second) - len(shared)} "
            f"| {len(first) - len(shared)} | {changed} |"
        )


def _request_rows(name: str, body: bytes, old: Engine, new: Engine) -> Iterator[str]:
    before, after = _answer(body, old), _answer(body, new)
    for key in {**before, **after}:
        first, second = before.get(key), after.get(key)
        ratio = f"{second / first:.3g}" if first and second is not None else ""
        shown = [_number(values[key]) if key in values else "" for values in (before, after)]
        yield f"| {name} | {' | '.join([*key, *shown, ratio])} |"


def _answer(body: bytes, engine: Engine) -> dict[tuple[str, str], float | None]:
    """Return the values of an answer; empty where a release does not know the request's names."""
    try:
        answer: FootprintAnswer = ask_footprint(read_json(body), engine, max_lines=_MOST_LINES)
    except StudyError:
        return {}
    return {(each.id, each.unit): each.value for each in answer.indicators}


def _number(value: float | None) -> str:
    return "null" if value is None else f"{value:.4g}"
