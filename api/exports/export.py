"""One door to all files."""

from __future__ import annotations

from typing import Literal

from api.exports.openepd import as_openepd
from api.exports.pact import as_pact
from api.exports.report import as_report
from api.exports.rows import as_csv
from api.store.footprints import Kept
from api.store.portfolio import Portfolio
from lca_service.releases import Releases

File = Literal["csv", "xlsx", "pdf", "pact", "openepd"]


def exported(
    kept: Kept, wanted: File, releases: Releases, owned: Portfolio, *, address: str
) -> bytes:
    """Return a kept footprint as a file; ``address`` is that of this service.

    Raises
    ------
    StudyError
        With everything that the file needs and the request does not say.
    """
    if wanted == "csv":
        return as_csv(kept)
    engine = releases.of_hash(kept.data_hash)
    if wanted == "xlsx":
        from api.exports.workbook import as_workbook  # 0.1 s that few requests need

        return as_workbook(kept, engine)
    if wanted == "pdf":
        return as_report(kept, engine)
    lineage = owned.lineages([kept.id])[kept.id]
    if wanted == "openepd":
        return as_openepd(kept, engine, address=address, version=len(lineage.preceding) + 1)
    return as_pact(kept, engine, address=address, lineage=lineage)
