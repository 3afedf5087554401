"""One bill through the engine and through bw2calc, in the same run."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.bill import study
from benchmarks.timing import Timing, repeat
from lca_service.calculation.bind import bind
from lca_service.calculation.brightway import brightway_scores
from lca_service.calculation.foreground import background_demand, foreground_supply
from lca_service.calculation.link import link
from lca_service.domain.study import Study
from lca_service.engine import Engine
from lca_service.matrices.entries import Entries, inventory_datapackage

Scores = dict[tuple[str, str], float]


@dataclass(frozen=True)
class Comparison:
    """Ours, the baselines, and how far their results lie from ours at most [-]."""

    footprint: Timing
    scores: Timing
    linking: Timing
    contributions: Timing
    multi_lca: Timing
    factorized: Timing
    difference: float


def measure(engine: Engine) -> Comparison:
    """Time one bill warm, in each of the ways."""
    question = study(engine.catalogue)
    ours: Scores = {
        each.category.key: each.value
        for each in engine.footprint(question).indicators
        if each.value is not None
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without PARDISO bw2calc recommends it
        whole, redo = _whole_system(engine, question), factorized(engine, question)
        theirs = (whole(), redo())
        return Comparison(
            footprint=repeat(lambda: engine.footprint(question), 2000, warm_up=50),
            scores=repeat(_scores_alone(engine, question), 2000, warm_up=50),
            linking=repeat(lambda: bind(question, engine.catalogue), 2000, warm_up=50),
            contributions=repeat(
                lambda: engine.contributions(question, by="activity"), 50, warm_up=1
            ),
            multi_lca=repeat(whole, 5),
            factorized=repeat(redo, 50, warm_up=2),
            difference=max(_differences(ours, theirs)),
        )


def _differences(ours: Scores, theirs: tuple[Scores, ...]) -> Iterator[float]:
    for scores in theirs:
        for key, value in ours.items():
            yield abs(scores[key] - value) / abs(value) if value else abs(scores[key])


def _scores_alone(engine: Engine, question: Study) -> Callable[[], object]:
    """The arithmetic of a footprint: multipliers times the bill, for every category."""
    foreground = link(question, engine.catalogue)
    demand = background_demand(foreground, foreground_supply(foreground))
    positions, amounts = np.array([*demand]), np.array([*demand.values()])
    return lambda: engine.background.multipliers[:, positions] @ amounts


def _whole_system(engine: Engine, question: Study) -> Callable[[], Scores]:
    """bw2calc.MultiLCA (PARDISO if installed): matrices, inventory, impacts, bill included."""
    foreground = link(question, engine.catalogue)
    return lambda: brightway_scores([foreground], engine.catalogue, engine.background)[0]


def factorized(engine: Engine, question: Study) -> Callable[[], Scores]:
    """bw2calc.LCA factorized beforehand: one more inventory, then all factors at once."""
    import bw2calc

    catalogue, background = engine.catalogue, engine.background
    foreground = link(question, catalogue)
    demand = dict(background_demand(foreground, foreground_supply(foreground)))
    a_matrix, b_matrix = background.technosphere.tocoo(), background.biosphere.tocoo()
    off = a_matrix.row != a_matrix.col
    inputs = Entries(a_matrix.row[off], a_matrix.col[off], -a_matrix.data[off])
    own = 1.0 - background.technosphere.diagonal()
    (loops,) = np.nonzero(own)
    inputs = Entries(
        np.concatenate([inputs.row, loops]).astype(np.int32),
        np.concatenate([inputs.column, loops]).astype(np.int32),
        np.concatenate([inputs.value, own[loops]]),
    )
    elementary = Entries(b_matrix.row, b_matrix.col, b_matrix.data)
    lca = bw2calc.LCA(
        demand=demand,
        data_objs=[inventory_datapackage(background.n_activities, inputs, elementary)],
    )
    lca.lci(factorize=True)
    rows = [lca.dicts.biosphere.reversed[place] for place in range(len(lca.dicts.biosphere))]
    factors = background.characterization[:, rows]
    keys = [category.key for category in catalogue.categories]

    def redo() -> Scores:
        lca.lci(demand)
        scores = factors @ np.asarray(lca.inventory.sum(axis=1)).ravel()
        return dict(zip(keys, scores.tolist(), strict=True))

    return redo
