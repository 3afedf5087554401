"""Samples of a release under a scenario, paired with those of the release itself.

Per sample, what products take of the changed activities is solved once and kept on disk; a
change at any uptake is then an update of low rank of the samples of the bank.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lca_service.calculation.changes import Changes, changes
from lca_service.calculation.redraw import BLOCK
from lca_service.calculation.sample_bank import Builder, SampleBank
from lca_service.calculation.scenario import MOST_UPDATED, ScenarioSystem, direct_costs
from lca_service.catalogue.catalogue import Catalogue
from lca_service.errors import Fault, StudyError
from lca_service.matrices.background import Background
from lca_service.solver.patched import Known, patched_multipliers

Array = NDArray[np.float64]


class ScenarioSamples:
    """The samples of a scenario, at any uptake.

    Parameters
    ----------
    catalogue, background
        The release.
    bank
        Its samples, of which ``n_samples`` are built.
    scenario
        Whose changes are sampled.
    builder
        Makes what computes what is not on disk yet.
    products
        Positions of what studies buy.

    Raises
    ------
    StudyError
        If the scenario changes more activities than are sampled.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        background: Background,
        bank: SampleBank,
        scenario: ScenarioSystem,
        builder: Callable[[], Builder],
        products: Sequence[int],
        n_samples: int,
    ) -> None:
        self._background, self.bank = background, bank
        self.products = tuple(sorted(set(products)))
        self.n_samples = n_samples
        activities = scenario.changes.activities
        if len(activities) > MOST_UPDATED:
            detail = f"{len(activities)} activities are changed; at most {MOST_UPDATED} are sampled"
            hint = "ask without `uncertainty`, or change fewer"
            raise StudyError([Fault("/uncertainty", "too_many_activities", detail, hint)])
        rows = sorted({*self.products, *scenario.changes.products, *activities})
        wanted = _Wanted(tuple(activities), tuple(rows), n_samples)
        drawn: _Drawn = {}
        taken = np.empty((n_samples, len(rows), 0))
        if activities:
            taken, drawn = _stored(bank, wanted) or _computed(bank, wanted, builder())
        self.changes: Changes = changes(catalogue, scenario.patches, drawn.__getitem__, n_samples)
        self._taken = taken
        self._multipliers = bank.read(rows, n_samples).transpose(2, 0, 1).astype(float)
        self._places = {row: place for place, row in enumerate(rows)}

    def at(self, uptakes: Mapping[str, float]) -> AlteredBank:
        """Return the samples of what studies buy, at some uptakes of the patches."""
        if not self.changes.activities:
            asked = self._at(self.products)
            found = self._multipliers[:, asked].transpose(1, 2, 0)
            return AlteredBank(self.bank, dict(zip(self.products, found, strict=True)))
        bought, emitted = self.changes.at(uptakes)
        asked, changed = self._at(self.products), self._at(self.changes.activities)
        inputs = self._at(self.changes.products)
        known = Known(
            taken=self._taken[:, inputs],
            taken_by_products=self._taken[:, asked],
            taken_by_changed=self._taken[:, changed],
            multipliers=self._multipliers[:, inputs],
            product_multipliers=self._multipliers[:, asked],
        )
        costs = direct_costs(self._background, self.changes, emitted)
        costs = costs[:, :, list(self.bank.categories)]
        found = patched_multipliers(known, bought, costs).transpose(1, 2, 0)
        return AlteredBank(self.bank, dict(zip(self.products, found, strict=True)))

    def _at(self, positions: Sequence[int]) -> NDArray[np.intp]:
        return np.array([self._places[each] for each in positions], dtype=np.intp)


@dataclass(frozen=True)
class AlteredBank:
    """A bank of which some products have other samples; read as a `SampleBank`."""

    bank: SampleBank
    multipliers: Mapping[int, Array]

    @property
    def categories(self) -> tuple[int, ...]:
        """Rows of the impact categories that are sampled."""
        return self.bank.categories

    @property
    def seed(self) -> int:
        """Of the draws."""
        return self.bank.seed

    @property
    def n_samples(self) -> int:
        """Samples that are built."""
        return self.bank.n_samples

    def missing(self, n_samples: int) -> list[int]:
        """Return the blocks that are not built."""
        return self.bank.missing(n_samples)

    def read(self, activities: Sequence[int], n_samples: int) -> Array:
        """Return the multipliers of activities, shape (n_activities, n_categories, n_samples)."""
        return np.stack([self.multipliers[each][:, :n_samples] for each in activities])


@dataclass(frozen=True)
class _Wanted:
    activities: tuple[int, ...]
    rows: tuple[int, ...]
    n_samples: int

    def path(self, bank: SampleBank) -> Path:
        name = json.dumps([self.activities, self.rows, self.n_samples])
        return bank.folder / "taken" / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.npz"


_Drawn = dict[int, dict[str, Array]]


def _stored(bank: SampleBank, wanted: _Wanted) -> tuple[Array, _Drawn] | None:
    path = wanted.path(bank)
    if not path.exists():
        return None
    drawn: _Drawn = {each: {} for each in wanted.activities}
    with np.load(path, allow_pickle=False) as stored:
        for name in stored.files:
            position, _, parameter = name.partition("/")
            if parameter:
                drawn[int(position)][parameter] = stored[name]
        return stored["taken"], drawn


def _computed(bank: SampleBank, wanted: _Wanted, builder: Builder) -> tuple[Array, _Drawn]:
    n_blocks = -(-wanted.n_samples // BLOCK)
    blocks = [
        builder.taken(bank, block, wanted.activities, wanted.rows) for block in range(n_blocks)
    ]
    taken = np.concatenate([each for each, _ in blocks])[: wanted.n_samples]
    drawn = {
        activity: {
            name: np.concatenate([each[activity][name] for _, each in blocks])[: wanted.n_samples]
            for name in blocks[0][1][activity]
        }
        for activity in wanted.activities
    }
    path = wanted.path(bank)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    with partial.open("wb") as stream:
        np.savez(
            stream,
            allow_pickle=False,
            taken=taken,
            **{f"{a}/{name}": values for a, own in drawn.items() for name, values in own.items()},
        )
    partial.replace(path)
    return taken, drawn
