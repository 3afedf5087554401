"""Which impact categories a study asks for: its indicators under its choice of methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lca_service.catalogue.nomenclature import nearest_names
from lca_service.domain.method import ImpactCategory, Method
from lca_service.domain.study import Study
from lca_service.errors import Fault, StudyError


def select_categories(
    study: Study, methods: Sequence[Method], categories: Sequence[ImpactCategory]
) -> list[int]:
    """Return the positions of the impact categories of a study, in the order asked.

    A study that names no indicator gets all of its methods. ``study.methods`` may name a
    family (``climate_change``) or a single indicator; the rest use the default edition.

    Raises
    ------
    StudyError
        With a fault per unknown indicator, family or method.
    """
    positions = {category.key: index for index, category in enumerate(categories)}
    faults = _method_faults(study.methods, methods)
    chosen = {method.family: method for method in methods if method.is_default}
    chosen |= {
        method.family: method for method in methods if study.methods.get(method.family) == method.id
    }
    offered = [name for method in chosen.values() for name in method.indicators]
    known = list(dict.fromkeys(category.indicator for category in categories))
    selected: list[int] = []
    for place, indicator in enumerate(study.indicators or offered):
        if indicator not in known:
            faults.append(
                Fault(
                    pointer=f"/indicators/{place}",
                    code="unknown_indicator",
                    detail=f"there is no indicator {indicator!r}",
                    hint="see GET /v1/indicators",
                    allowed=nearest_names(indicator, known),
                )
            )
            continue
        method = _method_of(indicator, study.methods, methods, chosen)
        if method is None:
            faults.append(
                Fault(
                    pointer=f"/indicators/{place}",
                    code="indicator_not_in_method",
                    detail=f"the chosen method does not have the indicator {indicator!r}",
                    hint="see GET /v1/methods for the indicators of each edition",
                )
            )
            continue
        selected.append(positions[method.id, indicator])
    if faults:
        raise StudyError(faults)
    return list(dict.fromkeys(selected))


def _method_of(
    indicator: str,
    asked: Mapping[str, str],
    methods: Sequence[Method],
    chosen: Mapping[str, Method],
) -> Method | None:
    own = next((method for method in methods if method.id == asked.get(indicator)), None)
    candidates = [own] if own else list(chosen.values())
    return next((method for method in candidates if indicator in method.indicators), None)


def _method_faults(asked: Mapping[str, str], methods: Sequence[Method]) -> list[Fault]:
    families = {method.family for method in methods}
    indicators = {name for method in methods for name in method.indicators}
    faults: list[Fault] = []
    for key, edition in asked.items():
        pointer = f"/methods/{key.replace('~', '~0').replace('/', '~1')}"
        if key not in families | indicators:
            allowed = tuple(sorted(families))
            detail = f"{key!r} is neither a method family nor an indicator"
            faults.append(Fault(pointer, "unknown_method_family", detail, allowed=allowed))
            continue
        editions = tuple(
            method.id for method in methods if key == method.family or key in method.indicators
        )
        if edition not in editions:
            detail = f"there is no method {edition!r} for {key!r}"
            faults.append(Fault(pointer, "unknown_method", detail, allowed=editions))
    return faults
