"""The samples of a kept footprint, and what they tell to measure next."""

from __future__ import annotations

from api.faults import checked
from api.keep import ANY_LENGTH, answer_of, request_of
from api.kept.indicators import require_indicator
from api.schemas.request import SamplingRequest
from api.schemas.whatif import MeasureNextAnswer, NarrowingAnswer, SamplesAnswer
from api.store.footprints import Kept
from api.translate.questions import to_study
from lca_service.calculation.uncertainty import Samples, narrowings
from lca_service.domain.study import Sampling
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError


def measure_next(
    kept: Kept, engine: Engine, indicator: str, sampling: SamplingRequest
) -> MeasureNextAnswer:
    """Return the lines, those first that narrow the interval most; raises as `samples`."""
    row, drawn, used = _sampled(kept, engine, indicator, sampling)
    return MeasureNextAnswer(
        footprint=kept.id,
        indicator=indicator,
        samples=used.samples,
        seed=used.seed,
        lines=[NarrowingAnswer(**vars(each)) for each in narrowings(drawn, row)],
    )


def samples(kept: Kept, engine: Engine, indicator: str, sampling: SamplingRequest) -> SamplesAnswer:
    """Return the samples of an indicator.

    Raises
    ------
    SamplesMissing
        If they are not built.
    """
    row, drawn, used = _sampled(kept, engine, indicator, sampling)
    return SamplesAnswer(
        footprint=kept.id,
        indicator=indicator,
        unit=engine.catalogue.categories[row].unit,
        seed=used.seed,
        values=drawn.scores[:, drawn.rows.index(row)].sum(axis=0).tolist(),
    )


def _sampled(
    kept: Kept, engine: Engine, indicator: str, sampling: SamplingRequest
) -> tuple[int, Samples, Sampling]:
    """Return the row of an indicator, and its samples: those that the request asked for, if any."""
    answer = answer_of(kept)
    require_indicator(indicator, answer)
    request = checked(request_of(kept), engine, max_lines=ANY_LENGTH)
    if request.uncertainty is None:
        request = request.model_copy(update={"uncertainty": sampling})
    study = to_study(request, kept.input_sha256)
    assert study.sampling is not None
    drawn = engine.samples(study)
    wanted = next(each for each in answer.indicators if each.id == indicator)
    categories = engine.catalogue.categories
    for row in drawn.rows:
        found = categories[row].indicator, categories[row].method
        if found == (indicator, wanted.method.id) and wanted.value is not None:
            return row, drawn, study.sampling
    detail = f"{indicator} is not sampled: its value is unknown, or its method not the default"
    raise StudyError([Fault("/indicator", "not_sampled", detail)])
