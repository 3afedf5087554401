"""Products of a user's own: versions of their footprints, and what they cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from api.examples import OWNED_ID, OWNED_REQUEST
from api.faults import checked
from api.keep import answer_of, choose_release, compute_footprint
from api.parse import pointer
from api.schemas.portfolio import (
    CostAnswer,
    OwnedAnswer,
    OwnedRequest,
    VersionAnswer,
    VersionIndicatorAnswer,
    VersionRequest,
)
from api.store.footprints import Footprints, Kept
from api.store.portfolio import Owned, Portfolio, Version
from lca_service.errors import Fault, StudyError, UnitMismatch, UnknownName
from lca_service.releases import Releases
from lca_service.units import factor

Shape = TypeVar("Shape", bound=BaseModel)


def add_product(
    value: Mapping[str, Any],
    releases: Releases,
    store: Footprints,
    owned: Portfolio,
    *,
    max_lines: int,
) -> OwnedAnswer:
    """Compute and keep the first version of a product; StudyError with every fault."""
    asked = _parsed(value, OwnedRequest)
    kept, cost = _computed(asked, releases, max_lines=max_lines)
    product = owned.add(asked.name, kept, asked.note, cost)
    return shown(product, store, owned)


def add_version(
    product: Owned,
    value: Mapping[str, Any],
    releases: Releases,
    store: Footprints,
    owned: Portfolio,
    *,
    max_lines: int,
) -> OwnedAnswer:
    """Compute and keep the next version of a product; StudyError with every fault."""
    asked = _parsed(value, VersionRequest)
    kept, cost = _computed(asked, releases, max_lines=max_lines)
    owned.add_version(product.id, kept, asked.note, cost)
    return shown(product, store, owned)


def shown(product: Owned, store: Footprints, owned: Portfolio) -> OwnedAnswer:
    """Return a product with its versions."""
    return to_answer(product, owned.versions(product.id), store.get)


def to_answer(
    product: Owned, found: Sequence[Version], kept_of: Callable[[str], Kept]
) -> OwnedAnswer:
    """Return a product with its versions; ``kept_of`` returns a footprint by id."""
    before = [None, *found]
    return OwnedAnswer(
        **vars(product),
        versions=[
            _version(version, previous, kept_of(version.footprint_id))
            for version, previous in zip(found, before, strict=False)
        ],
    )


def find_product(product_id: str, releases: Releases, store: Footprints, owned: Portfolio) -> Owned:
    """Return a product; that of the documentation's example is made when it is missed.

    Raises
    ------
    UnknownName
        If there is none of this id.
    """
    try:
        return owned.get(product_id)
    except UnknownName as missing:
        if product_id != OWNED_ID:
            raise
        asked = OwnedRequest.model_validate(OWNED_REQUEST)
        try:
            kept, cost = _computed(asked, releases, max_lines=100)
        except StudyError:  # a release without its products
            raise missing from None
    return owned.add(asked.name, kept, asked.note, cost, OWNED_ID)


def life_cycle_cost(asked: VersionRequest) -> CostAnswer | None:
    """Return what a declared unit costs; None without a currency.

    Raises
    ------
    StudyError
        With every price of a line that is not there, or in a unit that is not its own.
    """
    if asked.currency is None:
        if asked.prices:
            detail = "prices need a currency, such as USD"
            raise StudyError([Fault("/currency", "missing_field", detail)])
        return None
    lines = {
        each.get("id") or f"line-{index}": each
        for index, each in enumerate(asked.request["bom"], start=1)
    }
    faults: list[Fault] = []
    costs: dict[str, float] = {}
    for name, price in asked.prices.items():
        where = pointer(["prices", name])
        if name not in lines:
            faults.append(Fault(where, "unknown_line", f"the bill has no line {name!r}"))
            continue
        line = lines[name]
        try:
            costs[name] = line["amount"] * factor(line["unit"], price.unit) * price.price
        except UnitMismatch as error:
            faults.append(Fault(f"{where}/unit", "unit_mismatch", str(error)))
    if faults:
        raise StudyError(faults)
    by_stage: dict[str, float] = {}
    for name, cost in costs.items():
        stage = lines[name]["stage"]
        by_stage[stage] = by_stage.get(stage, 0.0) + cost
    left = [name for name in lines if name not in costs]
    total = sum(costs.values())
    reason = f"{len(left)} lines have no price" if left else None
    if not lines:
        reason = "the bill has no line that could have a price"
    return CostAnswer(
        currency=asked.currency,
        value=total if reason is None else None,
        reason=reason,
        of_priced_lines=total,
        by_line=costs,
        by_stage=by_stage,
        without_price=left,
    )


def _parsed(value: Mapping[str, Any], shape: type[Shape]) -> Shape:
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        faults = [
            Fault(pointer(each["loc"]), "bad_value", str(each["msg"]))
            for each in error.errors(include_url=False)
        ]
        raise StudyError(faults) from error


def _computed(asked: VersionRequest, releases: Releases, *, max_lines: int) -> tuple[Kept, bytes]:
    """Return the footprint and the cost of a version; faults point into its request."""
    try:
        engine, faults = choose_release(asked.request, releases)
        checked(asked.request, engine, max_lines=max_lines, also=faults)
    except StudyError as error:
        raise StudyError(
            [dataclasses.replace(each, pointer=f"/request{each.pointer}") for each in error.faults]
        ) from error
    cost = life_cycle_cost(asked)
    kept = compute_footprint(asked.request, releases, max_lines=max_lines)
    return kept, b"" if cost is None else cost.model_dump_json().encode()


def _version(version: Version, before: Version | None, kept: Kept) -> VersionAnswer:
    return VersionAnswer(
        number=version.number,
        created=version.created,
        note=version.note,
        footprint=kept.id,
        data_release=kept.data_release,
        indicators={
            each.id: VersionIndicatorAnswer(
                value=each.value,
                unit=each.unit,
                reason=each.reason,
                with_grid_electricity=each.with_grid_electricity,
                method=each.method,
            )
            for each in answer_of(kept).indicators
        },
        cost=CostAnswer.model_validate_json(version.cost) if version.cost else None,
        diff=None if before is None else f"/v1/footprints/{before.footprint_id}/diff/{kept.id}",
    )
