"""The footprints that are published: those whose request declares all that PACT asks for."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.exports.declared import declaration
from api.exports.pact import as_pact
from api.exports.pact_fields import longest_validity, missing, wrong_periods
from api.pact_host.criteria import Criteria, Offer
from api.store.footprints import Footprints, Place
from api.store.portfolio import Lineage, Portfolio
from lca_service.domain.location import Location, ladder
from lca_service.errors import StudyError, UnknownName
from lca_service.releases import Releases

_CHUNK = 200  # footprints that are read at once
_MOST_EXPORTED = 16_384  # kept in memory, some 3 kB each
_MOST_OFFERS = 65_536  # of less than 1 kB


@dataclass(frozen=True)
class Page:
    """Footprints as JSON, and where the next page begins, if there is one."""

    footprints: list[bytes]
    after: Place | None


class Publication:
    """What a service publishes, newest first.

    A footprint never changes, so that what was worked out once is remembered.
    """

    def __init__(self, store: Footprints, owned: Portfolio, releases: Releases) -> None:
        self._store, self._owned, self._releases = store, owned, releases
        self._exported = functools.lru_cache(_MOST_EXPORTED)(self._export)
        self._offered = functools.lru_cache(_MOST_OFFERS)(self._offer)

    def get(self, footprint_id: str, *, address: str) -> bytes:
        """Return a footprint.

        Raises
        ------
        UnknownName
            If there is none of this id, or it is not published.
        """
        self._store.get(footprint_id)
        lineage = self._owned.lineages([footprint_id])[footprint_id]
        is_offered = self._offered(footprint_id, lineage.is_superseded) is not None
        found = self._exported(footprint_id, lineage, address) if is_offered else None
        if found is None:
            raise UnknownName("unknown_footprint", footprint_id)
        return found

    def page(self, criteria: Criteria, *, limit: int, after: Place | None, address: str) -> Page:
        """Return the next footprints that fit, at most ``limit`` of them."""
        found: list[bytes] = []
        last = after
        for place, lineage in self._fitting(criteria, after) if limit else ():
            exported = self._try_export(place.id, lineage, address)
            if exported is None:
                continue
            if len(found) == limit:
                return Page(found, last)
            found.append(exported)
            last = place
        return Page(found, None)

    def _fitting(self, criteria: Criteria, after: Place | None) -> Iterator[tuple[Place, Lineage]]:
        """Yield what is declared in full and fits, before anything is computed."""
        while chunk := self._store.after(after, limit=_CHUNK):
            after = chunk[-1]
            lineages = self._owned.lineages([place.id for place in chunk])
            for place in chunk:
                lineage = lineages[place.id]
                offer = self._offered(place.id, lineage.is_superseded)
                if offer is not None and criteria.fit(offer):
                    yield place, lineage

    def _offer(self, footprint_id: str, is_superseded: bool) -> Offer | None:
        """Return what can be asked about a footprint; None if it is not published.

        Its maker has not said so, or says less than PACT asks for.
        """
        kept = self._store.get(footprint_id)
        declared = declaration(json.loads(kept.request))
        if not declared.publish or [*missing(declared), *wrong_periods(declared)]:
            return None
        assert declared.reference_period_end is not None  # narrowed by `missing`
        ends = declared.reference_period_end
        return Offer(
            product_ids={each.lower() for each in declared.product_ids},
            company_ids={each.lower() for each in declared.company_ids},
            classifications={each.lower() for each in declared.product_classifications},
            places=_places(kept.location, self._releases.current.catalogue.nomenclature.locations),
            # where no period of validity is given it is the longest
            valid_from=declared.validity_period_start or ends,
            valid_until=declared.validity_period_end or longest_validity(ends),
            status="deprecated" if is_superseded else "active",
        )

    def _try_export(self, footprint_id: str, lineage: Lineage, address: str) -> bytes | None:
        try:
            return self._exported(footprint_id, lineage, address)
        except UnknownName:  # removed meanwhile, or the tables of its release are not kept
            return None

    def _export(self, footprint_id: str, lineage: Lineage, address: str) -> bytes | None:
        """Return a footprint as JSON, or None if PACT cannot carry it."""
        kept = self._store.get(footprint_id)
        try:
            engine = self._releases.of_hash(kept.data_hash)
            return as_pact(kept, engine, address=address, lineage=lineage)
        except StudyError:
            return None


def _places(code: str, locations: Mapping[str, Location]) -> set[str]:
    """Return a place and those around it: codes of countries, names of regions, not the world."""
    country = code if code in locations else code.partition("-")[0]  # ISO 3166-2
    rungs = ladder(country, locations)[:-1] if country in locations else ()
    around = (locations[rung] for rung in rungs)
    named = {each.code if each.is_country else each.name for each in around}
    return {each.lower() for each in named | ({code} - set(locations))}
