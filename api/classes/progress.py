"""The progress of a class as server-sent events (WHATWG HTML, 9.2)."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import anyio
from anyio.to_thread import run_sync

from api.store.classes import Attempt, Classes, Learner
from lca_service.errors import UnknownName

_POSITION = re.compile(r"([0-9]{1,9})-([0-9]{1,15})")  # larger ones no database takes
_PAUSE = 0.5  # seconds between looks into the database, which other processes write as well

Event = dict[str, Any]


def position_of(last_event_id: str) -> tuple[int, int]:
    """Return the learner and the attempt that an event id stands for; the beginning if none.

    Examples
    --------
    >>> position_of("3-17"), position_of("")
    ((3, 17), (0, 0))
    """
    found = _POSITION.fullmatch(last_event_id)
    return (int(found[1]), int(found[2])) if found else (0, 0)


async def progress(
    class_id: str, store: Classes, after: tuple[int, int], *, follow: bool
) -> AsyncIterator[Event]:
    """Yield who joins and what is attempted, behind a position; until the class is closed."""
    joined, tried = after
    while True:
        try:
            kept = await run_sync(store.get, class_id)
        except UnknownName:  # removed meanwhile
            return
        learners = {each.number: each for each in await run_sync(store.learners, class_id)}
        for number in sorted(learners):
            if number > joined:
                joined = number
                yield _event("learner", joined, tried, _joined(learners[number]))
        for each in await run_sync(partial(store.attempts, class_id, after=tried)):
            tried = each.id
            yield _event("attempt", joined, tried, _tried(each, learners))
        if kept.is_closed:
            yield _event("closed", joined, tried, {"class": class_id})
        if kept.is_closed or not follow:
            return
        await anyio.sleep(_PAUSE)


def _event(kind: str, joined: int, tried: int, content: dict[str, Any]) -> Event:
    written = json.dumps(content, ensure_ascii=False)
    return {"event": kind, "id": f"{joined}-{tried}", "data": written}


def _joined(learner: Learner) -> dict[str, Any]:
    return {
        "number": learner.number,
        "nickname": learner.nickname,
        "country": learner.country,
        "joined": learner.joined.isoformat(),
    }


def _tried(attempt: Attempt, learners: dict[int, Learner]) -> dict[str, Any]:
    graded = json.loads(attempt.grades)["questions"]
    learner = learners.get(attempt.learner)
    return {
        "nickname": learner.nickname if learner else None,
        "exercise": attempt.exercise,
        "attempt": attempt.number,
        "solved": attempt.is_solved,
        "made": attempt.made.isoformat(),
        "questions": [
            {
                "id": each["id"],
                "verdict": each["verdict"],
                "diagnosis": each["diagnosis"] and each["diagnosis"]["kind"],
            }
            for each in graded
        ],
    }
