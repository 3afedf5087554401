"""What stands below a chart: methods, sources, data release, and what else must be said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.charts.labels import word
from api.schemas.answer import ManifestAnswer, MethodAnswer, SourceAnswer
from api.schemas.language import Language

_MOST = 14  # sources that are named


def caption(
    manifest: ManifestAnswer,
    methods: Iterable[MethodAnswer],
    sources: Sequence[SourceAnswer],
    language: Language,
    also: Iterable[str] = (),
) -> list[str]:
    """Return the lines of a caption; ``also`` are further ones, first."""
    named = ", ".join(dict.fromkeys(f"{each.id} {each.version}" for each in methods))
    return [
        *filter(None, also),
        f"{word('method', language)}: {named}",
        f"{word('release', language)}: {manifest.data_release} ({manifest.data_hash[:12]}), "
        f"engine {manifest.engine}",
        f"{word('sources', language)}: {', '.join(each.id for each in sources[:_MOST])}"
        + (f" + {len(sources) - _MOST} (JSON)" if len(sources) > _MOST else ""),
    ]
