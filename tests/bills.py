"""Random bills of materials, the same for the same seed."""

import numpy as np

from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.resolve import resolve_product
from lca_service.domain.study import Assembly, DeclaredUnit, Emission, Line, Stage, Study
from lca_service.errors import NoProvider
from lca_service.units import factor

# The unit of a product or flow, and others that the same amount may be bought in
_UNITS = {
    "kg": ("kg", "g", "t", "lb"),
    "kWh": ("kWh", "Wh", "MJ"),
    "MJ": ("MJ", "kWh", "Btu"),
    "m3": ("m3", "L"),
    "t*km": ("t*km", "kg*km"),
}
_STAGES = list(Stage)


class Bills:
    """Draws studies from everything that a release offers."""

    def __init__(self, catalogue: Catalogue, seed: int) -> None:
        self._catalogue = catalogue
        self._generator = np.random.default_rng(seed)
        names = catalogue.nomenclature
        self._products = sorted(catalogue.providers.domestic)
        self._places = ["", *sorted(names.locations)]
        self._flows = sorted({*names.flows, *names.blends})
        self._exported = set(catalogue.providers.exports)

    def study(self, *, most_lines: int = 30) -> Study:
        """Return a study of one to so many lines, some with emissions and assemblies."""
        n_assemblies = int(self._generator.integers(0, 4)) * int(self._chance(0.4))
        names = [f"part-{index}" for index in range(n_assemblies)]
        lines = self._lines("", int(self._generator.integers(1, most_lines + 1)))
        return Study(
            name="random",
            declared_unit=DeclaredUnit(1.0, "piece", 1.0),
            location=self._place(),
            lines=(*lines, *(self._purchase("", name) for name in names)),
            emissions=self._emissions(""),
            assemblies=tuple(self._assembly(name, names) for name in names),
        )

    def _assembly(self, name: str, names: list[str]) -> Assembly:
        # Together they take at most a third of what any of them makes: a net output is left
        others = [each for each in names if self._chance(0.5)]
        return Assembly(
            name=name,
            amount=2.0,
            unit="piece",
            lines=(
                *self._lines(f"{name}/", int(self._generator.integers(1, 6))),
                *(self._purchase(f"{name}/", other, 0.2) for other in others),
            ),
            emissions=self._emissions(f"{name}/"),
            pointer=f"/assemblies/{name}",
        )

    def _lines(self, prefix: str, count: int) -> tuple[Line, ...]:
        return tuple(self._line(f"{prefix}line-{index}") for index in range(count))

    def _line(self, name: str) -> Line:
        product = str(self._generator.choice(self._products))
        unit = self._catalogue.nomenclature.products[product].unit
        place, mix = self._place(), ""
        if product in self._exported and self._chance(0.3):
            mix = str(self._generator.choice(["production", "export"]))
        try:
            resolve_product(self._catalogue, product, place or "GLO", mix)
        except NoProvider:
            mix = ""
        chosen = str(self._generator.choice(_UNITS.get(unit, (unit,))))
        return Line(
            id=name,
            stage=self._stage(),
            amount=self._amount() / factor(chosen, unit),
            unit=chosen,
            pointer=f"/bom/{name}",
            location=place,
            product=product,
            mix=mix,
        )

    def _purchase(self, prefix: str, assembly: str, amount: float | None = None) -> Line:
        name = f"{prefix}buys-{assembly}"
        return Line(
            id=name,
            stage=self._stage(),
            amount=self._amount() if amount is None else amount,
            unit="piece",
            pointer=f"/bom/{name}",
            assembly=assembly,
        )

    def _emissions(self, prefix: str) -> tuple[Emission, ...]:
        count = int(self._generator.integers(0, 4)) * int(self._chance(0.5))
        return tuple(self._emission(f"{prefix}emission-{index}") for index in range(count))

    def _emission(self, name: str) -> Emission:
        code = str(self._generator.choice(self._flows))
        names = self._catalogue.nomenclature
        flow = names.flows[next(iter(names.blends[code]))] if code in names.blends else None
        unit = (flow or names.flows[code]).unit
        chosen = str(self._generator.choice(_UNITS.get(unit, (unit,))))
        return Emission(
            id=name,
            stage=self._stage(),
            flow=code,
            amount=self._amount() / factor(chosen, unit),
            unit=chosen,
            pointer=f"/emissions/{name}",
            location=self._place(),
        )

    def _place(self) -> str:
        return str(self._generator.choice(self._places)) or "GLO"

    def _stage(self) -> Stage:
        return _STAGES[int(self._generator.integers(len(_STAGES)))]

    def _amount(self) -> float:
        return float(self._generator.lognormal(0.0, 2.0))

    def _chance(self, probability: float) -> bool:
        return bool(self._generator.random() < probability)
