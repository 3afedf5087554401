"""The bills of a product for every choice of the patches that change them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from api.categories import find_template, to_request
from api.contracts import instruments
from api.faults import checked
from api.keep import request_of
from api.kept.patch import patched
from api.schemas import scenarios as shapes
from api.schemas.request import FootprintRequest, SamplingRequest
from api.store.footprints import Kept
from api.translate.questions import input_sha256, to_study
from lca_service.calculation.assessed import Bill
from lca_service.calculation.changes import MOST_TOGETHER, subsets
from lca_service.catalogue.product_templates import ProductTemplate
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName

Json = Mapping[str, Any]
Find = Callable[[str], Kept]


@dataclasses.dataclass(frozen=True)
class Product:
    """A product as it is asked for: its request, or the answers that make one."""

    request: dict[str, Any]
    template: ProductTemplate | None
    answers: Json
    where: str


@dataclasses.dataclass(frozen=True)
class Asked:
    """What is asked of every bill."""

    indicators: Sequence[str]
    uncertainty: SamplingRequest | None
    max_lines: int


def find_product(
    asked: shapes.ProductRequest, engine: Engine, find: Find, where: str = "/product"
) -> Product:
    """Return a product; StudyError with every fault of how it is named.

    ``find`` returns a kept footprint by id, ``where`` is the pointer of the product.
    """
    given = [asked.request, asked.footprint, asked.category]
    if sum(each is not None for each in given) != 1:
        detail = "a product has a request, the id of a kept footprint, or a category"
        raise StudyError([Fault(where, "request_or_footprint", detail, "give exactly one")])
    if asked.answers is not None and asked.category is None:
        detail = "answers are to the questions of a category"
        raise StudyError([Fault(f"{where}/answers", "unknown_field", detail, "name `category`")])
    if asked.request is not None:
        return Product(asked.request, None, {}, f"{where}/request")
    try:
        if asked.footprint is not None:
            return Product(request_of(find(asked.footprint)), None, {}, f"{where}/footprint")
        template = find_template(asked.category or "", engine)
    except UnknownName as error:
        name = "footprint" if asked.footprint is not None else "category"
        fault = Fault(f"{where}/{name}", error.code, str(error), error.hint, error.nearest)
        raise StudyError([fault]) from error
    answers = asked.answers or {}
    made = _expanded(template, answers, f"{where}/answers")
    return Product(made, template, answers, f"{where}/answers")


def bills_of(
    product: Product, patches: Sequence[shapes.PatchRequest], engine: Engine, asked: Asked
) -> tuple[FootprintRequest, list[Bill]]:
    """Return the request of a product as it is, and its bill for every choice of patches.

    Raises
    ------
    StudyError
        With every fault of the product and of the patches one by one; then of those together.
    """
    own = [
        (place, each)
        for place, each in enumerate(patches)
        if isinstance(each, shapes.BillPatch | shapes.AnswersPatch)
    ]
    faults = [*_contradictions(own), *_crowded(own)]
    try:
        first = checked_bill(product.request, engine, asked, product.where)
    except StudyError as error:
        raise StudyError([*error.faults, *faults]) from error
    identity = input_sha256(product.request)  # draws are those of the bill as it is
    found = [Bill(to_study(first, identity), (), tuple(each.id for _, each in own))]
    for together in [] if faults else subsets(own):
        if faults and len(together) > 1:
            break  # one by one they have faults
        try:
            request = _changed(product, first, together, engine, asked)
        except StudyError as error:
            faults += error.faults
            continue
        names = tuple(each.id for _, each in together)
        apart = tuple(each.id for _, each in own if each.id not in names)
        found.append(Bill(to_study(request, identity), names, apart))
    if faults:
        raise StudyError(list(dict.fromkeys(faults)))
    return first, found


def checked_bill(
    value: Json, engine: Engine, asked: Asked, where: str, place: Callable[[str], str] = str
) -> FootprintRequest:
    """Return a request for the indicators and samples that are asked of all bills.

    ``where`` stands before the pointers of its faults, after ``place`` has moved them.

    Raises
    ------
    StudyError
        With every fault of the request, or if it buys electricity by contract.
    """
    whole = {
        **{name: each for name, each in value.items() if name not in ("data_release", "methods")},
        "indicators": list(asked.indicators),
        "uncertainty": None if asked.uncertainty is None else asked.uncertainty.model_dump(),
    }
    try:
        request = checked(whole, engine, max_lines=asked.max_lines)
        engine.check(to_study(request))
    except StudyError as error:
        raise StudyError([_moved(each, where, place) for each in error.faults]) from error
    if instruments(request):
        detail = "electricity by contract is not compared: every option has the grid's"
        raise StudyError([Fault(f"{where}/bom", "bad_contract", detail, "leave contracts out")])
    return request


def _moved(fault: Fault, where: str, place: Callable[[str], str]) -> Fault:
    """Return a fault with its place: in the bill, or in what is asked of all of them."""
    if fault.pointer.startswith(("/indicators", "/uncertainty")):
        return fault
    return dataclasses.replace(fault, pointer=f"{where}{place(fault.pointer)}")


def _changed(
    product: Product,
    first: FootprintRequest,
    together: Sequence[tuple[int, shapes.PatchRequest]],
    engine: Engine,
    asked: Asked,
) -> FootprintRequest:
    """Return the request of a product with some patches; faults name the last one of them."""
    last, patch = together[-1]
    try:
        request = _checked_change(product, together, engine, asked)
        before, after = first.declared_unit, request.declared_unit
        if (before.amount, before.unit) != (after.amount, after.unit):
            detail = f"the declared unit becomes {after.amount:g} {after.unit}"
            hint = f"patches keep the function: {before.amount:g} {before.unit}"
            raise StudyError([Fault(f"/patches/{last}", "different_function", detail, hint)])
    except StudyError as error:
        raise StudyError(
            [
                dataclasses.replace(each, detail=f"patch {patch.id!r}: {each.detail}")
                for each in error.faults
            ]
        ) from error
    return request


def _checked_change(
    product: Product,
    together: Sequence[tuple[int, shapes.PatchRequest]],
    engine: Engine,
    asked: Asked,
) -> FootprintRequest:
    request = product.request
    answers = [(n, each) for n, each in together if isinstance(each, shapes.AnswersPatch)]
    if answers:
        at, where = answers[-1][0], f"/patches/{answers[-1][0]}"
        if product.template is None:
            detail = "the product has a bill of its own, and no answers to a category's questions"
            raise StudyError([Fault(where, "no_category", detail, "name its `category`")])
        given = {**product.answers.get("parameters", {})}
        for _, one in answers:
            given |= one.parameters
        request = _expanded(product.template, {**product.answers, "parameters": given}, where)
    change: Callable[[str], str] = str
    where = product.where if not answers else f"/patches/{answers[-1][0]}"
    for at, each in together:
        if isinstance(each, shapes.BillPatch):
            variant = each.model_dump(mode="json", include={"lines", "emissions", "add"},
                                      exclude_unset=True)  # fmt: skip
            made = patched(request, variant, ("patches", at))
            request, change, where = made.request, made.pointer_of, ""
    return checked_bill(request, engine, asked, where, change)


def _expanded(template: ProductTemplate, answers: Json, where: str) -> dict[str, Any]:
    try:
        return to_request(template, answers)
    except StudyError as error:
        raise StudyError([_moved(each, where, str) for each in error.faults]) from error


def _contradictions(own: Sequence[tuple[int, shapes.PatchRequest]]) -> list[Fault]:
    """Return a fault per pair of patches that decide the same field of a line, or answer."""
    found: list[Fault] = []
    decided: dict[str, str] = {}
    for place, patch in own:
        for target in sorted(_targets(patch)):
            if target in decided:
                detail = f"patch {patch.id!r}: {decided[target]!r} decides {target} as well"
                hint = "take one of them out"
                found.append(Fault(f"/patches/{place}", "contradicting_patches", detail, hint))
            decided.setdefault(target, patch.id)
    return found


def _targets(patch: shapes.PatchRequest) -> set[str]:
    if isinstance(patch, shapes.AnswersPatch):
        return {f"the answer {name}" for name in patch.parameters}
    assert isinstance(patch, shapes.BillPatch)
    return {
        f"{path} of {name}"
        for changes in (patch.lines, patch.emissions)
        for name, change in changes.items()
        for path in _leaves(change)
    }


def _leaves(change: Any) -> Iterator[str]:
    """Yield the paths of what a merge patch sets."""
    if not isinstance(change, dict):
        yield "the whole"
        return
    for key, value in change.items():
        if isinstance(value, dict) and not {"amount", "unit"} & value.keys():
            yield from (f"{key}/{each}" for each in _leaves(value))
        else:
            yield key


def _crowded(own: Sequence[tuple[int, shapes.PatchRequest]]) -> list[Fault]:
    if len(own) <= MOST_TOGETHER:
        return []
    place, patch = own[MOST_TOGETHER]
    detail = f"patch {patch.id!r}: the bill has more than {MOST_TOGETHER} patches"
    hint = "put what belongs together into one patch"
    return [Fault(f"/patches/{place}", "too_many_patches", detail, hint)]
