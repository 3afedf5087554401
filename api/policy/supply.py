"""Models of supply: which plants answer a change of demand, and which material a substitution.

Average supply takes all plants of a place; marginal supply those that follow demand, the
operating margin of the clean development mechanism: plants that are not run in any case, in the
shares of their generation (UNFCCC, TOOL07, simple operating margin). Substitution is free of
limits (cut-off), or only a stated share of it is more supply (market-limited).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from api.policy.patches import GENERATION
from lca_service.calculation.alter import altered
from lca_service.catalogue.catalogue import Catalogue
from lca_service.domain.scenario import Patch

_FOLLOWING = ("electricity-coal", "electricity-gas", "electricity-oil")
_STANDING = "marginal-electricity@"  # begins the ids of patches that are in force without a measure


def grid_mix(catalogue: Catalogue, place: str) -> dict[str, float]:
    """Return the shares of the plants of a place [-], by product; empty if none are known."""
    position = catalogue.positions.get(f"{GENERATION}@{place}")
    if position is None:
        return {}
    inputs = altered(catalogue, catalogue.activities[position], []).inputs
    total = sum(float(amount[0]) for amount in inputs.values())
    return {
        catalogue.activities[provider].product: float(amount[0]) / total
        for provider, amount in inputs.items()
    }


def operating_margin(mix: Mapping[str, float]) -> dict[str, float]:
    """Return the shares of plants that follow demand; empty where a place has none.

    Examples
    --------
    >>> operating_margin({"electricity-coal": 0.375, "electricity-gas": 0.125, "other": 0.5})
    {'electricity-coal': 0.75, 'electricity-gas': 0.25}
    """
    following = {kind: mix.get(kind, 0.0) for kind in _FOLLOWING}
    total = sum(following.values())
    return {kind: share / total for kind, share in following.items() if share} if total else {}


def displacing(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Return a mix whose new plants displace those that follow demand, and no others.

    What grows from one mix to the other grows as much; where the following plants are fewer than
    that, the rest is displaced from all plants alike.

    Examples
    --------
    >>> old = {"electricity-coal": 0.5, "hydro": 0.5}
    >>> displacing(old, {"electricity-coal": 0.4, "hydro": 0.4, "sun": 0.2})
    {'electricity-coal': 0.3, 'hydro': 0.5, 'sun': 0.2}
    """
    kinds = dict.fromkeys([*before, *after])
    more = {kind: max(after.get(kind, 0.0) - before.get(kind, 0.0), 0.0) for kind in kinds}
    margin = operating_margin(before)
    following = sum(before.get(kind, 0.0) for kind in margin)
    displaced = min(sum(more.values()), following)
    found = {
        kind: before.get(kind, 0.0) - displaced * margin.get(kind, 0.0) + more[kind]
        for kind in kinds
    }
    total = sum(found.values())
    return {kind: round(share / total, 15) for kind, share in found.items()}


def with_marginal_supply(
    patches: Sequence[Patch], places: Sequence[str], catalogue: Catalogue
) -> tuple[list[Patch], dict[str, dict[str, float]]]:
    """Return patches under marginal supply, and the mixes that answer demand by place.

    A patch of a place's mix displaces what follows demand; at the other places the plants that
    follow demand supply everything, with the measure and without it.
    """
    found: list[Patch] = []
    mixes: dict[str, dict[str, float]] = {}
    patched: set[str] = set()
    for patch in patches:
        if not patch.mix:
            found.append(patch)
            continue
        place = patch.activities[0].partition("@")[2]
        patched.add(place)
        mixes[place] = displacing(grid_mix(catalogue, place), patch.mix)
        found.append(dataclasses.replace(patch, mix=mixes[place]))
    for place in places:
        margin = operating_margin(grid_mix(catalogue, place))
        if margin and place not in patched:
            mixes[place] = margin
            activity = f"{GENERATION}@{place}"
            found.append(
                Patch(f"{_STANDING}{place}", (activity,), "/supply", mix=margin, is_standing=True)
            )
    return found, mixes
