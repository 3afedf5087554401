"""Measures that are shipped: YAML files under ``datasets/measures``, with what they rest on."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from api.parse import pointer
from api.schemas.language import LANGUAGES, Language
from lca_service.catalogue.datapackage import knowledge_root
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.engine import Engine
from lca_service.errors import DataError, DataFault, UnknownName
from lca_service.units import factor

Sentence = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Title = dict[Language, Sentence]
Sector = Literal["food", "buildings", "textiles", "packaging", "energy", "appliances", "paper"]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Volume(_Shape):
    """How many declared units a year: a figure of the release times a share, or a number."""

    figure: tuple[str, str, str] | None = None  # quantity, subject, location
    share: float = 1.0
    value: float | None = None
    unit: str
    note: Sentence


class Assumption(_Shape):
    """A figure of the measure itself, with where it comes from."""

    what: Sentence
    value: float | str
    unit: str = ""
    basis: Literal["literature", "statistics", "estimated", "chosen"]
    source: Sentence


class Published(_Shape):
    """A published result, and which of ours stands beside it."""

    what: Sentence
    citation: Sentence
    locator: Sentence
    value: float
    minimum: float | None = None
    maximum: float | None = None
    unit: str
    ours: Literal["relative", "unit_saving", "unit_baseline", "unit_scenario"]
    indicator: str = "climate_change.total"
    times: float = 1.0  # of ours, for another unit of the same thing
    why: Sentence


class Action(_Shape):
    """Something that is done about it already: a programme, a standard, a law."""

    name: Sentence
    source: Sentence


class ShippedMeasure(_Shape):
    """A measure as its file has it; ``measure`` is its request but for name and units."""

    title: Title
    summary: Sentence
    sectors: list[Sector] = Field(min_length=1)
    stages: list[str] = Field(min_length=1)
    volume: Volume
    measure: dict[str, Any]
    assumptions: list[Assumption]
    published: list[Published] = Field(min_length=1)
    actions: list[Action] = Field(min_length=1)


@functools.cache
def shipped_measures() -> dict[str, ShippedMeasure]:
    """Return the shipped measures by id; DataError with everything that is wrong in them."""
    return read_measures(knowledge_root() / "datasets" / "measures")


def read_measures(folder: Path) -> dict[str, ShippedMeasure]:
    """Return the measures of a folder by id; DataError with everything that is wrong in them."""
    found: dict[str, ShippedMeasure] = {}
    faults: list[DataFault] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            made = ShippedMeasure.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except (ValidationError, yaml.YAMLError) as error:
            faults += _faults(path, error)
            continue
        missing = [each for each in LANGUAGES if each not in made.title]
        if missing:
            detail = f"no title in {', '.join(missing)}"
            faults.append(DataFault(str(path), "/title", "missing_language", detail))
        found[path.stem] = made
    if faults:
        raise DataError(faults)
    return found


def find_measure(measure_id: str) -> ShippedMeasure:
    """Return a shipped measure; UnknownName if there is none of this id."""
    known = shipped_measures()
    if measure_id not in known:
        nearest = nearest_names(measure_id, known)
        raise UnknownName("unknown_measure", measure_id, nearest, "see GET /v1/measures")
    return known[measure_id]


def request_of(measure: ShippedMeasure, engine: Engine) -> dict[str, Any]:
    """Return the request that a shipped measure is, with the volume of the open release."""
    return {"name": measure.title["en"], **measure.measure, "units": units_of(measure, engine)}


def units_of(measure: ShippedMeasure, engine: Engine) -> float:
    """Return the declared units of a year; UnknownName if the release has no such figure."""
    volume = measure.volume
    if volume.figure is None:
        assert volume.value is not None, "a volume is a figure or a value"
        return volume.value * volume.share
    catalogue = engine.catalogue
    if volume.figure not in catalogue.figure_positions:
        raise UnknownName("unknown_figure", "/".join(volume.figure), (), "the release has others")
    figure, _ = catalogue.figures[catalogue.figure_positions[volume.figure]]
    return figure.value * factor(figure.unit, volume.unit) * volume.share


def _faults(path: Path, error: ValidationError | yaml.YAMLError) -> list[DataFault]:
    if isinstance(error, yaml.YAMLError):
        return [DataFault(str(path), "", "bad_yaml", str(error))]
    return [
        DataFault(str(path), pointer(each["loc"]), "bad_value", str(each["msg"]))
        for each in error.errors(include_url=False)
    ]
