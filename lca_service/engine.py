"""The one door to the engine: open a release, ask for footprints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from lca_service import __version__
from lca_service.calculation.assessed import Assessed, Bill
from lca_service.calculation.bind import bind
from lca_service.calculation.borders import Borders
from lca_service.calculation.contributions import By, CategoryContributions, contributions
from lca_service.calculation.elasticities import Elasticities, elasticities
from lca_service.calculation.factors_at import FactorAt, factors_at
from lca_service.calculation.footprint import Footprint, footprint
from lca_service.calculation.release_coverage import ReleaseCoverage, release_coverage
from lca_service.calculation.sample_bank import Block, Builder, SampleBank, bank, banks
from lca_service.calculation.scenario import ScenarioSystem
from lca_service.calculation.scenario_bank import ScenarioSamples
from lca_service.calculation.scopes import Split, split_by_scope
from lca_service.calculation.uncertainty import (
    Samples,
    Uncertainty,
    require_samples,
    samples,
    uncertainty,
)
from lca_service.calculation.upstream import LargestBranches, upstream_tree
from lca_service.calculation.working import Working, working
from lca_service.catalogue.catalogue import Catalogue
from lca_service.catalogue.storage import load_catalogue
from lca_service.compilation import compiled_folder, load_system
from lca_service.domain.scenario import Patch
from lca_service.domain.study import Sampling, Study
from lca_service.matrices.background import Background, load_background
from lca_service.solver.system import LinearSystem


@dataclass(frozen=True)
class Engine:
    """An opened data release. Immutable, and safe to share between threads.

    Examples
    --------
    >>> engine = Engine.open()  # doctest: +SKIP
    >>> engine.footprint(study).indicators[0].value  # doctest: +SKIP
    """

    catalogue: Catalogue
    background: Background
    version: str = __version__

    @classmethod
    def open(cls, data_root: Path | None = None, *, knowledge: Path | None = None) -> Engine:
        """Open the release, compiling it first if that has not been done yet.

        Parameters
        ----------
        data_root
            Folder for everything that is written; default: the user's data folder.
        knowledge
            Folder that holds ``datasets/`` and ``methods/``; default: the shipped ones.

        Raises
        ------
        DataError
            If the release has to be compiled and its tables are wrong.
        """
        folder = compiled_folder(data_root, knowledge=knowledge)
        return cls(catalogue=load_catalogue(folder), background=load_background(folder))

    def footprint(self, study: Study) -> Footprint:
        """Return the footprint of a study; StudyError with every fault if it has any."""
        return footprint(study, self.catalogue, self.background)

    def uncertainty(self, study: Study) -> Uncertainty:
        """Return the distributions of a study's scores.

        Raises
        ------
        StudyError
            With every fault of the study.
        SamplesMissing
            If the samples that it asks for are not built: `build_samples`.
        """
        assert study.sampling is not None, "the study asks for samples"
        return uncertainty(
            study, self.catalogue, self.background, self.sample_bank(study.sampling.seed)
        )

    def samples(self, study: Study) -> Samples:
        """Return the samples of a study's scores; raises as `uncertainty`."""
        assert study.sampling is not None, "the study asks for samples"
        return samples(
            study, self.catalogue, self.background, self.sample_bank(study.sampling.seed)
        )

    @property
    def sample_banks(self) -> tuple[SampleBank, ...]:
        """The sample banks of which something is built, by seed."""
        return banks(self.catalogue)

    def sample_bank(self, seed: int) -> SampleBank:
        """Return the sample bank of a seed, whether or not anything of it is built."""
        return bank(self.catalogue, seed)

    def build_samples(
        self,
        *,
        samples: int,
        seed: int,
        progress: Callable[[int], None] = lambda built: None,
        compute: Callable[[Sequence[int]], Iterator[Block]] | None = None,
    ) -> SampleBank:
        """Build what is missing of the first samples of a seed, and return their bank.

        ``compute`` yields blocks by number, such as those of a cluster; default: this process.
        """
        wanted = self.sample_bank(seed)
        if wanted.missing(samples):
            # a builder takes half a gigabyte, and goes when it is done
            compute = compute or partial(self.sample_builder().blocks, wanted)
            wanted.fill(samples, compute, progress)
        return wanted

    def scenario(self, patches: Sequence[Patch]) -> ScenarioSystem:
        """Return the background with patches; StudyError with every fault of them."""
        return ScenarioSystem(self.catalogue, self.background, self.system, patches)

    def assess(self, scenario: ScenarioSystem, bills: Sequence[Bill]) -> Assessed:
        """Return a product under a scenario; StudyError with every fault of its bills."""
        return Assessed(self.catalogue, self.background, scenario, bills)

    def scenario_samples(self, assessed: Assessed, sampling: Sampling) -> ScenarioSamples:
        """Return the samples of a product under a scenario, paired with those of the release.

        Raises
        ------
        SamplesMissing
            If the samples of the release are not built: `build_samples`.
        StudyError
            If the scenario changes more activities than are sampled.
        """
        bank = self.sample_bank(sampling.seed)
        require_samples(self.catalogue, bank, sampling)
        return ScenarioSamples(
            self.catalogue,
            self.background,
            bank,
            assessed.scenario,
            self.sample_builder,
            assessed.products,
            sampling.samples,
        )

    def sample_builder(self) -> Builder:
        """Return what computes blocks of sample banks, one at a time."""
        return Builder(self.catalogue, self.background, self.system.structures[1])

    def check(self, study: Study) -> None:
        """Raise StudyError with every fault of a study's names, places and units."""
        bind(study, self.catalogue)

    def bought(self, study: Study) -> list[int]:
        """Return the positions of the activities that a study buys from."""
        _, foreground = bind(study, self.catalogue)
        return [each.match.activity_index for each in foreground.purchases if each.match]

    def contributions(
        self, study: Study, *, by: By, depth: int = 0, limit: int = 50, nodes: int = 0
    ) -> tuple[CategoryContributions, ...]:
        """Return what the scores of a study are made of; StudyError if it has faults."""
        return contributions(
            study,
            self.catalogue,
            self.background,
            self.system,
            by=by,
            depth=depth,
            limit=limit,
            nodes=nodes,
        )

    def upstream_tree(
        self,
        study: Study,
        row: int,
        *,
        total: float,
        branch: Sequence[str],
        depth: int,
        nodes: int,
        cut_off: float,
    ) -> LargestBranches:
        """Return the upstream tree of one score, or what is below one of its branches.

        ``row`` is that of the impact category, ``total`` the score, and ``branch`` ids from a
        line down; UnknownName if there is no such branch. At most ``nodes`` branches are
        returned, the largest, and none below the share ``cut_off`` of the score.
        """
        return upstream_tree(
            study,
            self.catalogue,
            self.background,
            row=row,
            total=total,
            branch=branch,
            depth=depth,
            nodes=nodes,
            cut_off=cut_off,
        )

    def working(self, study: Study, row: int, *, opened: Sequence[str]) -> Working:
        """Return the matrices of a study and what is computed from them, for one category.

        ``row`` is that of the impact category, ``opened`` the activities shown as they are.
        """
        return working(study, self.catalogue, self.background, self.system, row=row, opened=opened)

    def split_by_scope(self, study: Study, scopes: Mapping[str, int]) -> Mapping[str, Split]:
        """Return the lines of a study, each split as its scope (1, 2 or 3) asks, by id."""
        return split_by_scope(study, scopes, self.catalogue, self.background, self.borders)

    def elasticities(self, position: int, row: int, *, limit: int) -> Elasticities:
        """Return what one unit of an activity's product owes to exchanges and factors.

        ``row`` is that of the impact category, ``limit`` the most entries of each kind.
        """
        return elasticities(
            position, row, self.catalogue, self.background, self.system, limit=limit
        )

    @cached_property
    def coverage(self) -> ReleaseCoverage:
        """What the release covers; its shares are of the climate total under the default."""
        reference = self.catalogue.default_categories["climate_change.total"]
        return release_coverage(self.catalogue, self.background, reference)

    def factors_at(self, row: int, location: str) -> Mapping[str, FactorAt]:
        """Return the factors of a category for what a place itself exchanges, by flow."""
        return factors_at(self.catalogue, self.background, row, location)

    @cached_property
    def borders(self) -> Borders:
        """Where sites that burn fuel end, and where plants begin."""
        return Borders(self.catalogue, self.background)

    @cached_property
    def system(self) -> LinearSystem:
        """The linear system of the background, made at the first use: footprints need none."""
        return load_system(self.catalogue.folder, self.background)
