"""Questions and answers in short, for the tests of the engine."""

from collections.abc import Mapping, Sequence

from lca_service.calculation.footprint import Footprint, IndicatorResult
from lca_service.domain.study import Assembly, DeclaredUnit, Emission, Line, Stage, Study


def line(
    product: str,
    amount: float,
    unit: str,
    location: str = "",
    *,
    id: str = "",
    stage: Stage = Stage.MANUFACTURING,
    assembly: str = "",
    mix: str = "",
) -> Line:
    """Return a purchase; without an id it is named by what it buys."""
    name = id or product or assembly
    return Line(name, stage, amount, unit, f"/bom/{name}", location, product, assembly, mix)


def bought(assembly: str, amount: float, unit: str, *, id: str = "") -> Line:
    """Return a purchase of an assembly."""
    return line("", amount, unit, assembly=assembly, id=id)


def emission(
    flow: str, amount: float, unit: str, location: str = "", *, stage: Stage = Stage.USE
) -> Emission:
    """Return a direct emission, named by its flow."""
    return Emission(flow, stage, flow, amount, unit, f"/emissions/{flow}", location)


def assembly(name: str, amount: float, unit: str, *entries: Line | Emission) -> Assembly:
    """Return an intermediate product of a study."""
    lines, emissions = _apart(entries)
    return Assembly(name, amount, unit, lines, emissions, f"/assemblies/{name}")


def study(
    *entries: Line | Emission,
    location: str = "IN",
    assemblies: Sequence[Assembly] = (),
    indicators: Sequence[str] = (),
    methods: Mapping[str, str] | None = None,
) -> Study:
    """Return a question about one piece."""
    lines, emissions = _apart(entries)
    return Study(
        name="a study of the tests",
        declared_unit=DeclaredUnit(1.0, "piece", 1.0),
        location=location,
        lines=lines,
        emissions=emissions,
        assemblies=tuple(assemblies),
        indicators=tuple(indicators),
        methods=methods or {},
    )


def result(footprint: Footprint, indicator: str) -> IndicatorResult:
    """Return one indicator of an answer."""
    (found,) = (each for each in footprint.indicators if each.category.indicator == indicator)
    return found


def value(footprint: Footprint, indicator: str) -> float:
    """Return the value of one indicator of an answer, which must be known."""
    found = result(footprint, indicator)
    assert found.value is not None, found.reason
    return found.value


def _apart(entries: Sequence[Line | Emission]) -> tuple[tuple[Line, ...], tuple[Emission, ...]]:
    lines = tuple(each for each in entries if isinstance(each, Line))
    return lines, tuple(each for each in entries if isinstance(each, Emission))
