"""From what an organisation did to the studies that the engine answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from api.schemas.organisation import ActivityRequest, OrganisationRequest
from api.schemas.request import EmissionRequest, LineRequest
from api.translate.questions import to_emissions, to_lines
from lca_service.calculation.borders import GRID, RESIDUAL
from lca_service.calculation.organisation import INDICATORS
from lca_service.catalogue.resolve import resolve_product
from lca_service.domain.location import WORLD
from lca_service.domain.study import DeclaredUnit, Emission, Line, Stage, Study
from lca_service.engine import Engine
from lca_service.errors import NoProvider, UnknownName

_LARGEST_ROUNDING = 1e-9  # of a share


@dataclass(frozen=True)
class Site:
    """A site of a request, or what can be read of it; activities with their places."""

    place: int
    id: str
    location: str
    share: float
    activities: tuple[tuple[int, ActivityRequest], ...]

    @property
    def path(self) -> list[str | int]:
        """Where its activities stand in the request."""
        return ["sites", self.place, "activities"]


Buy = Callable[[ActivityRequest, LineRequest], LineRequest]


def sites_of(request: OrganisationRequest) -> list[Site]:
    """Return the sites of a request."""
    return [
        Site(
            place,
            each.id,
            each.location,
            1.0 if each.share is None else each.share,
            tuple(enumerate(each.activities)),
        )
        for place, each in enumerate(request.sites)
    ]


def activity_id(index: int, activity: ActivityRequest) -> str:
    """Return the name of an activity within its site."""
    return activity.id or f"activity-{index + 1}"


def key(site: Site, index: int) -> str:
    """Return what tells an activity from all others of the request."""
    return f"{site.place}/{index}"


def to_study(sites: Iterable[Site], buy: Buy, methods: Mapping[str, str]) -> Study:
    """Return the study of all activities of some sites; ``buy`` says what a line buys."""
    found = list(sites)
    return Study(
        name="",
        declared_unit=DeclaredUnit(1.0, "piece"),
        location=WORLD,  # every line has a place of its own
        lines=tuple(line for site in found for line in _lines(site, buy)),
        emissions=tuple(each for site in found for each in _emissions(site)),
        indicators=INDICATORS,
        methods=methods,
    )


def by_location(_: ActivityRequest, line: LineRequest) -> LineRequest:
    """Return a line that buys from the grid, whatever a contract says."""
    return line.model_copy(update={"contract": None})


def by_market(engine: Engine) -> Buy:
    """Return what buys by contract, else the residual mix, else the grid."""
    return partial(_by_market, engine)


def market_status(activity: ActivityRequest, location: str, engine: Engine) -> str | None:
    """Return what the market-based result of a line rests on; None if it is no electricity."""
    if activity.scope != 2 or activity.product not in GRID:
        return None
    if activity.contract is not None:
        return "contract"
    try:
        match = resolve_product(engine.catalogue, RESIDUAL, location)
    except (UnknownName, NoProvider):  # a release without residual mixes
        return "grid"
    share = engine.borders.grid_share(match.activity_index)
    if share > 1 - _LARGEST_ROUNDING:
        return "grid"
    return "residual_mix_in_part" if share > _LARGEST_ROUNDING else "residual_mix"


def _by_market(engine: Engine, activity: ActivityRequest, line: LineRequest) -> LineRequest:
    status = market_status(activity, line.location or WORLD, engine)
    if status in ("residual_mix", "residual_mix_in_part"):
        return line.model_copy(update={"product": RESIDUAL})
    return line


def _lines(site: Site, buy: Buy) -> Iterator[Line]:
    for index, activity in site.activities:
        if activity.product is not None:
            line = LineRequest(
                stage=Stage.MANUFACTURING,
                product=activity.product,
                amount=activity.amount * site.share,
                unit=activity.unit,
                location=activity.location or site.location,
                mix=activity.mix,
                parameters=activity.parameters,
                contract=activity.contract,
            )
            (found,) = to_lines([(index, buy(activity, line))], site.path)
            yield replace(found, id=key(site, index))


def _emissions(site: Site) -> Iterator[Emission]:
    for index, activity in site.activities:
        if activity.flow is not None:
            emission = EmissionRequest(
                stage=Stage.MANUFACTURING,
                flow=activity.flow,
                amount=activity.amount * site.share,
                unit=activity.unit,
                location=activity.location or site.location,
            )
            (found,) = to_emissions([(index, emission)], site.path)
            yield replace(found, id=key(site, index))
