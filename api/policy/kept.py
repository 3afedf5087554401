"""Scenarios that are kept, version by version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from api.examples import SCENARIO_ID, SCENARIO_REQUEST
from api.parse import parsed
from api.policy.patches import plain, to_patches
from api.schemas import scenarios as shapes
from api.store.scenarios import KeptScenario, Scenarios
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError, UnknownName

_PATCHES: TypeAdapter[list[shapes.PatchRequest]] = TypeAdapter(list[shapes.PatchRequest])


def add_scenario(value: Mapping[str, Any], engine: Engine, store: Scenarios) -> str:
    """Keep a scenario, and return its id; StudyError with every fault of its patches."""
    asked = _checked(value, engine)
    return store.add(asked.name, asked.note, _written(asked)).id


def add_version(
    scenario: KeptScenario, value: Mapping[str, Any], engine: Engine, store: Scenarios
) -> None:
    """Keep the next version of a scenario; StudyError with every fault of its patches."""
    asked = _checked({"name": scenario.name, **value}, engine)
    store.add_version(scenario.id, asked.note, _written(asked))


def find_scenario(scenario_id: str, store: Scenarios) -> KeptScenario:
    """Return a scenario; that of the documentation's example is made when it is missed.

    Raises
    ------
    UnknownName
        If there is none of this id.
    """
    try:
        return store.get(scenario_id)
    except UnknownName:
        if scenario_id != SCENARIO_ID:
            raise
    asked = shapes.ScenarioRequest.model_validate(SCENARIO_REQUEST)
    return store.add(asked.name, asked.note, _written(asked), SCENARIO_ID)


def patches_of(reference: shapes.ScenarioReference, store: Scenarios) -> list[shapes.PatchRequest]:
    """Return the patches of a version of a scenario; StudyError if there is none."""
    try:
        versions = store.versions(find_scenario(reference.id, store).id)
    except UnknownName as error:
        raise StudyError([Fault("/scenario/id", error.code, str(error), error.hint)]) from error
    number = reference.version or len(versions)
    if number > len(versions):
        detail = f"the scenario has {len(versions)} versions"
        raise StudyError([Fault("/scenario/version", "unknown_version", detail)])
    return _PATCHES.validate_json(versions[number - 1].patches)


def shown(scenario: KeptScenario, store: Scenarios) -> shapes.ScenarioAnswer:
    """Return a scenario with its versions."""
    return shapes.ScenarioAnswer(
        **vars(scenario),
        versions=[
            shapes.ScenarioVersionAnswer(
                number=each.number,
                created=each.created,
                note=each.note,
                patches=json.loads(each.patches),
            )
            for each in store.versions(scenario.id)
        ],
    )


def _checked(value: Mapping[str, Any], engine: Engine) -> shapes.ScenarioRequest:
    """Return a scenario whose patches of the inventory are those of the open release."""
    asked = parsed(shapes.ScenarioRequest, value)
    patches, faults = to_patches(asked.patches, engine.catalogue, "/patches")
    try:
        engine.scenario(patches)
    except StudyError as error:
        faults += error.faults
    if faults:
        raise StudyError(faults)
    return asked


def _written(asked: shapes.ScenarioRequest) -> bytes:
    return json.dumps([plain(each) for each in asked.patches], ensure_ascii=False).encode()
