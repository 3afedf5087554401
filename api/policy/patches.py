"""From patches as JSON to those of the engine, and to the bills they make."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from api.schemas import scenarios as shapes
from api.schemas.request import PlantKind
from lca_service.calculation.measure import Logistic, Points
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.scenario import Addition, Patch, Scaling, Setting, Substitution
from lca_service.errors import Fault

GENERATION = "electricity-generation"  # the process whose inputs are the plants of a place
_PLANT = "electricity-"  # begins the products of plants

Uptake = Points | Logistic


def uptake_of(asked: shapes.Uptake) -> Uptake:
    """Return an uptake over time."""
    if isinstance(asked, shapes.CurveRequest):
        return Logistic(asked.start, asked.end, asked.ceiling)
    if isinstance(asked, dict):
        return Points({int(year): share for year, share in asked.items()})
    return Points({0: asked})


def is_of_bill(patch: shapes.PatchRequest) -> bool:
    """Tell whether a patch changes the product's bill, and not the inventory."""
    return isinstance(patch, shapes.BillPatch | shapes.AnswersPatch)


def to_patches(
    asked: Sequence[shapes.PatchRequest], catalogue: Catalogue, where: str
) -> tuple[list[Patch], list[Fault]]:
    """Return the patches of the inventory, and the faults of their form.

    ``where`` is the pointer of their list.
    """
    found: list[Patch] = []
    faults: list[Fault] = []
    for place, each in enumerate(asked):
        at = f"{where}/{place}"
        faults += [
            dataclasses.replace(fault, detail=f"patch {each.id!r}: {fault.detail}")
            for fault in _form_faults(each, at)
        ]
        if isinstance(each, shapes.GenerationMixPatch):
            mix, missing = _mix(each, catalogue, at)
            faults += missing
            found.append(Patch(each.id, (f"{GENERATION}@{each.location}",), at, mix=mix))
        elif not is_of_bill(each):
            found.append(_patch(each, at))
    return found, faults


def _patch(each: shapes.PatchRequest, at: str) -> Patch:
    if isinstance(each, shapes.ParametersPatch):
        settings = tuple(
            Setting(
                name,
                one.amount if one.factor is None else one.factor,  # type: ignore[arg-type]
                one.unit if one.factor is None else "",
                f"{at}/parameters/{name}",
            )
            for name, one in each.parameters.items()
            if (one.amount is None) != (one.factor is None)
        )
        additions = tuple(
            Addition(one.product, one.amount, one.unit, f"{at}/add/{n}")
            for n, one in enumerate(each.add)
        )
        return Patch(each.id, tuple(each.activities), at, settings=settings, additions=additions)
    if isinstance(each, shapes.SubstitutionPatch):
        made = Substitution(each.product, each.by, each.share, each.ratio, at)
        return Patch(each.id, tuple(each.activities), at, substitutions=(made,))
    assert isinstance(each, shapes.ExchangePatch)
    scaling = Scaling(each.product or "", each.flow or "", each.factor, at)
    return Patch(each.id, tuple(each.activities), at, scalings=(scaling,))


def _form_faults(each: shapes.PatchRequest, at: str) -> list[Fault]:
    """Return what a schema cannot say: exactly one of two fields."""
    if isinstance(each, shapes.ParametersPatch):
        if not (each.parameters or each.add):
            return [Fault(at, "empty_patch", "it changes nothing")]
        return [
            Fault(f"{at}/parameters/{name}", "amount_or_factor", "give an amount, or a factor")
            for name, one in each.parameters.items()
            if (one.amount is None) == (one.factor is None)
        ]
    if isinstance(each, shapes.GenerationMixPatch) and (each.shares is None) == (each.year is None):
        return [Fault(at, "shares_or_year", "give the shares of the mix, or a year")]
    if isinstance(each, shapes.ExchangePatch) and (each.product is None) == (each.flow is None):
        return [Fault(at, "product_or_flow", "give a product, or a flow")]
    if isinstance(each, shapes.BillPatch) and not (each.lines or each.emissions or each.add):
        return [Fault(at, "empty_patch", "it changes nothing")]
    return []


def _mix(
    asked: shapes.GenerationMixPatch, catalogue: Catalogue, at: str
) -> tuple[Mapping[str, float], list[Fault]]:
    """Return the shares of a mix by product: as given, or of a year."""
    if asked.year is None:
        shares = asked.shares or {}
        return {f"{_PLANT}{kind}": share for kind, share in shares.items()}, []
    kinds = get_args(PlantKind)
    known = catalogue.figure_positions

    def key(kind: str, year: int) -> tuple[str, str, str]:
        return f"generation_share_{year}", kind, asked.location

    mix = {
        f"{_PLANT}{kind}": catalogue.figures[known[key(kind, asked.year)]][0].value
        for kind in kinds
        if key(kind, asked.year) in known
    }
    if mix:
        return mix, []
    years = [str(year) for year in range(2000, 2101) if key(kinds[0], year) in known]
    detail = f"patch {asked.id!r}: no shares of {asked.year} are known for {asked.location}"
    return {}, [Fault(f"{at}/year", "unknown_year", detail, "give the shares", tuple(years))]


def described(
    asked: Sequence[shapes.PatchRequest], patches: Sequence[Patch]
) -> list[shapes.PatchAnswer]:
    """Return patches with the activities they change."""
    activities = {each.id: list(each.activities) for each in patches}
    return [
        shapes.PatchAnswer(
            id=each.id, kind=each.kind, title=each.title, activities=activities.get(each.id, [])
        )
        for each in asked
    ]


def plain(patch: shapes.PatchRequest) -> dict[str, Any]:
    """Return a patch as it is kept: what was given of it."""
    return patch.model_dump(mode="json", exclude_unset=True)
