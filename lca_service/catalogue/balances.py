"""Balances of processes with several outputs: nothing bought twice, nothing made of nothing.

Such a process is written once per output, each buying its share of the input. Together
they must buy one unit of input per unit processed, and hold no more mass and no more
carbon than the input does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lca_service.catalogue.build import Build, Placed, shown
from lca_service.catalogue.exchanges import ExchangeTable
from lca_service.catalogue.templates import Binding, MultiOutput
from lca_service.domain.location import WORLD

_TOLERANCE = 0.01  # figures stand as their sources print them, rounded
_CARBON_TOLERANCE = 0.1  # contents are means of the world, amounts of outputs are national
_CARBON = ("biogenic_carbon_content", "fossil_carbon_content")


@dataclass(frozen=True)
class _Output:
    entry: Placed
    binding: Binding
    bought: Mapping[str, float]  # input per unit of output, by location


def check_balances(build: Build, multi_outputs: Sequence[MultiOutput]) -> None:
    """Note a fault for every process with several outputs that does not balance."""
    technosphere = build.technosphere.table()
    for split in multi_outputs:
        outputs = _outputs(build, split, technosphere)
        if outputs:
            _check(build, split, outputs)


def _outputs(build: Build, split: MultiOutput, technosphere: ExchangeTable) -> list[_Output]:
    unknown = [code for code, _ in split.outputs if code not in build.placed]
    if unknown:
        build.fault(split, "unknown_process", f"no process has the code {', '.join(unknown)}")
        return []
    return [
        _Output(
            build.placed[code], binding, _bought(build, build.placed[code], split, technosphere)
        )
        for code, binding in split.outputs
    ]


def _bought(
    build: Build, entry: Placed, split: MultiOutput, technosphere: ExchangeTable
) -> dict[str, float]:
    """Return how much of the input one unit of output buys, by location."""
    positions = entry.positions
    inside = (technosphere.activity_index >= positions.start) & (
        technosphere.activity_index < positions.stop
    )
    bought = dict.fromkeys(entry.locations, 0.0)
    for activity, maker, amount in zip(
        technosphere.activity_index[inside],
        technosphere.target_index[inside],
        technosphere.amount[inside],
        strict=True,
    ):
        if build.activities[maker].product == split.input:
            bought[entry.locations[activity - positions.start]] += float(amount)
    return bought


def _check(build: Build, split: MultiOutput, outputs: Sequence[_Output]) -> None:
    wrong: dict[str, list[str]] = {}
    places = set(outputs[0].entry.locations).intersection(
        *(output.entry.locations for output in outputs)
    )
    for place in sorted(places):
        made = [_figure(build, output.binding, place) for output in outputs]
        amounts = [amount for amount in made if amount is not None]
        if len(amounts) < len(outputs):
            wrong.setdefault("no_figure: the amount of an output", []).append(place)
            continue
        bought = sum(
            amount * output.bought[place] for amount, output in zip(amounts, outputs, strict=True)
        )
        if abs(bought - 1) > _TOLERANCE:
            wrong.setdefault("the outputs do not buy the whole input", []).append(
                f"{place} ({bought:.4g})"
            )
        for what, held, tolerance in _held(build, split, outputs, amounts):
            if held > 1 + tolerance:
                wrong.setdefault(f"the outputs hold more {what} than the input", []).append(
                    f"{place} ({held:.4g})"
                )
    for detail, where in wrong.items():
        build.fault(split, "bad_balance", f"{detail} at {shown(where)}")


def _held(
    build: Build, split: MultiOutput, outputs: Sequence[_Output], amounts: Sequence[float]
) -> list[tuple[str, float, float]]:
    """Return what the outputs hold of the input's mass and carbon [-], and the tolerance."""
    products = [output.entry.template.product for output in outputs]
    units = {build.names.products[code].unit for code in (split.input, *products)}
    held = [("mass", sum(amounts), _TOLERANCE)] if units == {"kg"} else []
    for quantity in _CARBON:
        contents = [build.figures.positions.get((quantity, code, WORLD)) for code in products]
        whole = build.figures.positions.get((quantity, split.input, WORLD))
        if whole is not None and None not in contents:
            values = build.figures.base_values
            carbon = sum(
                amount * values[content]
                for amount, content in zip(amounts, contents, strict=True)
                if content is not None
            )
            what = quantity.removesuffix("_content").replace("_", " ")
            held.append((what, carbon / values[whole], _CARBON_TOLERANCE))
    return held


def _figure(build: Build, binding: Binding, place: str) -> float | None:
    position = build.figures.nearest(binding.quantity, binding.subject, build.names.ladders[place])
    return None if position is None else build.figures.base_values[position]
