"""Activities as patches make them: what one unit takes and emits, with the figures of a table.

Or with drawn ones: every function here takes one value or one per sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.catalogue.override import (
    Input,
    bought_from,
    exchanges_of,
    given_values,
    parameters_of,
)
from lca_service.domain.activity import Activity
from lca_service.domain.scenario import Patch, Setting, Substitution
from lca_service.errors import BadParameter, Fault, NoProvider, UnitMismatch
from lca_service.units import factor, to_base

Array = NDArray[np.float64]

_WHOLE = 0.005  # shares of a whole may be rounded


@dataclass(frozen=True)
class Exchanges:
    """What one unit of an activity takes by provider, and emits by row of the biosphere.

    Amounts have one value, or one per sample, shape (count,).
    """

    inputs: Mapping[int, Array]
    emissions: Mapping[int, Array]


def altered(
    catalogue: Catalogue,
    activity: Activity,
    patches: Sequence[Patch],
    drawn: Mapping[str, Array] | None = None,
    count: int = 1,
) -> Exchanges:
    """Return the exchanges of an activity with patches; without one, as the figures make it.

    Parameters
    ----------
    drawn
        Parameters in SI base units, shape (count,); default: those of the table.

    Raises
    ------
    BadParameter
        If an exchange comes out negative or is no number.
    NoProvider
        If nobody makes what is bought instead.
    """
    values: dict[str, Array | float] = dict(drawn or {})
    settings = [each for patch in patches for each in patch.settings]
    given = {each.name: (each.amount, each.unit) for each in settings if each.unit}
    values |= given_values(catalogue, activity, given)
    if len(given) < len(settings):
        for each in parameters_of(catalogue, activity):
            table = each.figure.value * to_base(each.figure.unit)[0]
            for one in settings:
                if one.name == each.name and not one.unit:
                    values[each.name] = one.amount * values.get(each.name, table)
    bought, emitted = exchanges_of(catalogue, activity, values, count=count)
    emissions = _summed(emitted)
    for patch in patches:
        if patch.mix:
            bought = _mixed(catalogue, activity, patch.mix, bought)
        for substitution in patch.substitutions:
            bought = _substituted(catalogue, activity, substitution, bought)
        for scaling in patch.scalings:
            bought = [
                _scaled(each, scaling.factor) if each.product == scaling.product else each
                for each in bought
            ]
            for row in emissions:
                if catalogue.flow_rows[row][0] == scaling.flow:
                    emissions[row] = emissions[row] * scaling.factor
        for addition in patch.additions:
            unit = catalogue.nomenclature.products[addition.product].unit
            amount = np.full(count, addition.amount * factor(addition.unit, unit))
            bought = [
                *bought,
                bought_from(catalogue, addition.product, activity.location, "", amount),
            ]
    return Exchanges(_summed([(each.activity_index, each.amount) for each in bought]), emissions)


def _summed(amounts: Sequence[tuple[int, Array]]) -> dict[int, Array]:
    found: dict[int, Array] = {}
    for place, amount in amounts:
        found[place] = found[place] + amount if place in found else amount
    return found


def _scaled(bought: Input[Array], by: float) -> Input[Array]:
    return Input(
        bought.activity_index, bought.product, bought.asked, bought.ladder, bought.amount * by
    )


def _mixed(
    catalogue: Catalogue,
    activity: Activity,
    mix: Mapping[str, float],
    bought: Sequence[Input[Array]],
) -> list[Input[Array]]:
    total = np.sum([each.amount for each in bought], axis=0)
    return [
        bought_from(catalogue, product, activity.location, "", share * total)
        for product, share in mix.items()
        if share
    ]


def _substituted(
    catalogue: Catalogue,
    activity: Activity,
    substitution: Substitution,
    bought: Sequence[Input[Array]],
) -> list[Input[Array]]:
    found: list[Input[Array]] = []
    for each in bought:
        if each.product != substitution.product:
            found.append(each)
            continue
        found.append(_scaled(each, 1.0 - substitution.share))
        amount = each.amount * substitution.share * substitution.ratio
        found.append(bought_from(catalogue, substitution.by, each.asked, "", amount))
    return found


def patch_faults(catalogue: Catalogue, patches: Sequence[Patch]) -> Iterator[Fault]:
    """Yield every fault of patches: what is not known, contradicts, or leads to no amount."""
    yield from _contradictions(patches)
    for patch in patches:
        found: list[Fault] = []
        for name in patch.activities:
            position = catalogue.positions.get(name)
            if position is None:
                nearest = nearest_names(name, catalogue.positions)
                hint = "GET /v1/products/{code} lists the activities that make a product"
                detail = f"the release has no activity {name!r}"
                found.append(
                    _fault(patch, patch.pointer, "unknown_activity", detail, hint, nearest)
                )
                continue
            found += _activity_faults(catalogue, catalogue.activities[position], patch)
        yield from dict.fromkeys(found)


def _fault(
    patch: Patch, where: str, code: str, detail: str, hint: str = "", allowed: Sequence[str] = ()
) -> Fault:
    return Fault(where, code, f"patch {patch.id!r}: {detail}", hint, tuple(allowed))


def _contradictions(patches: Sequence[Patch]) -> Iterator[Fault]:
    """Yield a fault per pair of patches that decide the same of an activity."""
    for place, patch in enumerate(patches):
        for before in patches[:place]:
            if before.id == patch.id:
                detail = f"patch {patch.id!r}: another patch has this id"
                yield Fault(f"{patch.pointer}/id", "duplicate_id", detail, "give each its own")
            shared = sorted(set(before.activities) & set(patch.activities))
            both = sorted(before.targets & patch.targets)
            if shared and both and before.is_standing == patch.is_standing:
                what = ", ".join(filter(None, both[0]))
                detail = f"{before.id!r} decides the {what} of {shared[0]} as well"
                hint = "take one of them out, or give them different activities"
                yield _fault(patch, patch.pointer, "contradicting_patches", detail, hint)


def _activity_faults(catalogue: Catalogue, activity: Activity, patch: Patch) -> Iterator[Fault]:
    parameters = {each.name: each for each in parameters_of(catalogue, activity)}
    if activity.process not in catalogue.templates:
        detail = f"{activity.id} is an average of other activities"
        hint = f"patch what it averages: GET /v1/activities/{activity.id}"
        yield _fault(patch, patch.pointer, "not_a_process", detail, hint)
        return
    faults: list[Fault] = []
    for setting in patch.settings:
        each = parameters.get(setting.name)
        if each is None:
            detail = f"{activity.id} has no parameter {setting.name!r}"
            hint = f"GET /v1/activities/{activity.id} lists the parameters"
            nearest = nearest_names(setting.name, parameters)
            faults.append(
                _fault(patch, setting.pointer, "unknown_parameter", detail, hint, nearest)
            )
            continue
        faults += _setting_faults(patch, setting, each.figure.unit, bool(each.shares_whole_with))
    faults += _exchange_faults(catalogue, activity, patch)
    yield from faults
    if faults:
        return
    try:
        altered(catalogue, activity, [patch])
    except BadParameter as error:
        detail = f"{activity.id}: {error}"
        yield _fault(patch, patch.pointer, "bad_parameter", detail, error.hint)
    except NoProvider as error:
        yield _fault(patch, patch.pointer, "no_provider", str(error))


def _setting_faults(patch: Patch, setting: Setting, unit: str, is_share: bool) -> Iterator[Fault]:
    if not setting.unit:
        if is_share:
            detail = f"{setting.name} is a share of a whole: a factor leaves no whole"
            hint = "give the amounts of all shares"
            yield _fault(patch, setting.pointer, "bad_parameter", detail, hint)
        return
    try:
        factor(setting.unit, unit)
    except UnitMismatch as error:
        hint = f"use {unit} or any unit of the same dimension"
        yield _fault(patch, f"{setting.pointer}/unit", "unit_mismatch", str(error), hint, (unit,))


def _exchange_faults(catalogue: Catalogue, activity: Activity, patch: Patch) -> Iterator[Fault]:
    """Yield a fault per exchange that is changed and is not there, and per unknown product."""
    products = catalogue.nomenclature.products
    template = catalogue.templates[activity.process]
    bought = {each.product for each in template.exchanges if each.product}
    emitted = {each.flow for each in template.exchanges if each.flow}
    if patch.mix:
        whole = sum(patch.mix.values())
        if abs(whole - 1.0) > _WHOLE:
            detail = f"the shares sum to {whole:.4g}"
            yield _fault(patch, f"{patch.pointer}/shares", "bad_shares", detail, "they sum to 1")
        if len({products[each].unit for each in bought}) != 1:
            detail = f"{activity.id} buys things of different units: it is no mix"
            yield _fault(patch, patch.pointer, "bad_mix", detail, "use a substitution")
    for name in patch.mix:
        if name not in products:
            yield _unknown_product(patch, f"{patch.pointer}/shares/{name}", name, products)
    for scaling in patch.scalings:
        asked, known = (scaling.flow, emitted) if scaling.flow else (scaling.product, bought)
        if asked not in known:
            yield _no_exchange(patch, scaling.pointer, activity, asked, known)
    for substitution in patch.substitutions:
        if substitution.product not in bought:
            yield _no_exchange(
                patch, f"{substitution.pointer}/product", activity, substitution.product, bought
            )
        if substitution.by not in products:
            where = f"{substitution.pointer}/by"
            yield _unknown_product(patch, where, substitution.by, products)

    for addition in patch.additions:
        if addition.product not in products:
            where = f"{addition.pointer}/product"
            yield _unknown_product(patch, where, addition.product, products)
            continue
        unit = products[addition.product].unit
        try:
            factor(addition.unit, unit)
        except UnitMismatch as error:
            hint = f"use {unit} or any unit of the same dimension"
            where = f"{addition.pointer}/unit"
            yield _fault(patch, where, "unit_mismatch", str(error), hint, (unit,))


def _no_exchange(
    patch: Patch, where: str, activity: Activity, asked: str, known: set[str]
) -> Fault:
    detail = f"{activity.id} exchanges no {asked!r}"
    hint = f"GET /v1/activities/{activity.id} lists the exchanges"
    return _fault(patch, where, "unknown_exchange", detail, hint, nearest_names(asked, known))


def _unknown_product(patch: Patch, where: str, name: str, products: Mapping[str, object]) -> Fault:
    detail = f"unknown product {name!r}"
    hint = "search the names with GET /v1/products?q="
    return _fault(patch, where, "unknown_product", detail, hint, nearest_names(name, products))
