"""What a kept footprint rests on and depends on."""

from __future__ import annotations

import hashlib

from api.keep import answer_of
from api.schemas import kept as shapes
from api.store.footprints import Kept


def coverage(kept: Kept) -> shapes.KeptCoverageAnswer:
    """Return what a footprint covers, and what it does not."""
    answer = answer_of(kept)
    return shapes.KeptCoverageAnswer(
        footprint=kept.id,
        served_by_the_ladder=[
            shapes.LineCoverageAnswer(
                line=line.id,
                asked=line.matched.asked,
                location=line.matched.location,
                ladder=line.matched.ladder,
            )
            for line in answer.lines
            if line.matched is not None and line.matched.location != line.matched.asked
        ],
        indicators=[
            shapes.BasisAnswer(
                id=each.id,
                own_share=each.coverage.own_share,
                relinked_share=each.coverage.relinked_share,
                average_share=each.coverage.average_share,
                foreground_share=each.coverage.foreground_share,
                measured_share=each.coverage.measured_share,
                literature_share=each.coverage.literature_share,
                estimated_share=each.coverage.estimated_share,
                partial=each.coverage.partial,
                left_out=[flow.flow for flow in each.coverage.left_out],
                uncharacterized=[flow.flow for flow in each.coverage.uncharacterized],
            )
            for each in answer.indicators
        ],
    )


def quality(kept: Kept) -> shapes.KeptQualityAnswer:
    """Return the pedigree and the rating of every indicator."""
    return shapes.KeptQualityAnswer(
        footprint=kept.id,
        indicators=[
            shapes.IndicatorQualityAnswer(
                id=each.id,
                quality=each.coverage.quality,
                primary_data_share=each.coverage.foreground_share,
            )
            for each in answer_of(kept).indicators
        ],
    )


def passport(kept: Kept) -> shapes.PassportAnswer:
    """Return everything that a footprint depends on."""
    answer = answer_of(kept)
    drawn = answer.uncertainty
    return shapes.PassportAnswer(
        **answer.manifest.model_dump(),
        footprint=kept.id,
        created=kept.created,
        answer_sha256=hashlib.sha256(kept.answer).hexdigest(),
        methods={each.id: each.method for each in answer.indicators},
        seed=None if drawn is None else drawn.seed,
        samples=None if drawn is None else drawn.samples,
        ladders={line.id: line.matched.ladder for line in answer.lines if line.matched is not None},
        licences=sorted({source.licence for source in answer.sources}),
        attribution=[
            shapes.AttributionAnswer(
                source=source.id,
                licence=source.licence,
                text=f"{source.citation} Licence: {source.licence}. Changed: figures were "
                "taken from it and computed with.",
            )
            for source in answer.sources
        ],
    )
