"""Footprints that are computed once, kept, and answered again as they were."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from api.ask import ask_footprint
from api.examples import FOOTPRINT_ID, FOOTPRINT_REQUEST
from api.schemas.answer import FootprintAnswer
from api.schemas.kept import FootprintSummary
from api.store.footprints import Footprints, Kept, KeyReused, unknown
from api.translate.questions import input_sha256
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName
from lca_service.releases import Releases

ANY_LENGTH = 1_000_000  # lines: what is kept was accepted before


def choose_release(value: Mapping[str, Any], releases: Releases) -> tuple[Engine, Sequence[Fault]]:
    """Return the engine on the release that a request is pinned to, and the fault of the pin.

    With a fault the open release is returned, so that other faults can be found in it.
    """
    pin = value.get("data_release")
    if not isinstance(pin, str):
        return releases.current, ()
    try:
        return releases.choose(pin), ()
    except UnknownName as error:
        fault = Fault("/data_release", error.code, str(error), error.hint, error.nearest)
        return releases.current, (fault,)


def keep_footprint(
    value: Mapping[str, Any],
    key: str,
    releases: Releases,
    store: Footprints,
    *,
    max_lines: int,
    footprint_id: str = "",
) -> Kept:
    """Compute the footprint of a request and keep it, or return what its key has kept.

    It has a new id, unless one is given.

    Raises
    ------
    StudyError
        With every fault of the request, or if the key came with another request before.
    SamplesMissing
        If it asks for distributions and their samples are not built.
    """
    try:
        if key and (before := store.of_key(key, input_sha256(value))):
            return before
        made = compute_footprint(value, releases, max_lines=max_lines, footprint_id=footprint_id)
        return store.add(made, key)
    except KeyReused as error:
        detail = "the Idempotency-Key has been used for another request"
        hint = "send a new key with a new request"
        raise StudyError([Fault("", "idempotency_key_reused", detail, hint)]) from error


def compute_footprint(
    value: Mapping[str, Any], releases: Releases, *, max_lines: int, footprint_id: str = ""
) -> Kept:
    """Return the footprint of a request as it may be kept; raises as `ask_footprint`."""
    engine, faults = choose_release(value, releases)
    answer = ask_footprint(value, engine, max_lines=max_lines, faults=faults)
    return to_keep(value, answer, footprint_id or str(uuid4()))


def to_keep(value: Mapping[str, Any], answer: FootprintAnswer, footprint_id: str) -> Kept:
    """Return a request and its answer as they are kept."""
    return Kept(
        id=footprint_id,
        created=datetime.now(UTC),
        name=answer.name,
        location=answer.location,
        data_release=answer.manifest.data_release,
        data_hash=answer.manifest.data_hash,
        engine=answer.manifest.engine,
        input_sha256=answer.manifest.input_sha256,
        request=json.dumps(value, ensure_ascii=False).encode(),
        answer=answer.model_dump_json().encode(),
    )


def find_footprint(footprint_id: str, releases: Releases, store: Footprints) -> Kept:
    """Return a kept footprint; that of the documentation's example is made when it is missed.

    Raises
    ------
    UnknownName
        If there is none of this id.
    """
    try:
        return store.get(footprint_id)
    except UnknownName:
        if footprint_id != FOOTPRINT_ID:
            raise
    try:
        return keep_footprint(
            FOOTPRINT_REQUEST, "", releases, store, max_lines=100, footprint_id=FOOTPRINT_ID
        )
    except StudyError as error:  # a release without its products
        raise unknown(footprint_id) from error


def as_bytes(kept: Kept) -> bytes:
    """Return a kept footprint as JSON: its identity, and the answer as it was given."""
    return _head(kept) + kept.answer[1:]


def _head(kept: Kept) -> bytes:
    created = kept.created.isoformat().replace("+00:00", "Z")
    return f'{{"id":"{kept.id}","created":"{created}",'.encode()


def request_of(kept: Kept) -> dict[str, Any]:
    """Return the request of a kept footprint."""
    value: dict[str, Any] = json.loads(kept.request)
    return value


def answer_of(kept: Kept) -> FootprintAnswer:
    """Return the answer of a kept footprint."""
    return FootprintAnswer.model_validate_json(kept.answer)


def summary(row: Any) -> FootprintSummary:
    """Return an entry of the list of footprints."""
    return FootprintSummary.model_validate(row, from_attributes=True)
