"""Sets of criteria that are shipped: YAML files under ``datasets/criteria``."""

from __future__ import annotations

import functools
from pathlib import Path

import yaml
from pydantic import ValidationError

from api.parse import pointer
from api.schemas.criteria import CriteriaAnswer, CriteriaRequest, CriteriaSummary
from api.schemas.language import LANGUAGES, Language
from lca_service.catalogue.datapackage import knowledge_root
from lca_service.catalogue.nomenclature import nearest_names
from lca_service.errors import DataError, DataFault, UnknownName


@functools.cache
def criteria_sets() -> dict[str, CriteriaRequest]:
    """Return the shipped sets by id; DataError with everything that is wrong in them."""
    return read_sets(knowledge_root() / "datasets" / "criteria")


def read_sets(folder: Path) -> dict[str, CriteriaRequest]:
    """Return the sets of a folder by id; DataError with everything that is wrong in them."""
    found: dict[str, CriteriaRequest] = {}
    faults: list[DataFault] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            made = CriteriaRequest.model_validate(yaml.safe_load(path.read_text("utf-8")))
        except ValidationError as error:
            faults += [
                DataFault(str(path), pointer(each["loc"]), "bad_value", str(each["msg"]))
                for each in error.errors(include_url=False)
            ]
            continue
        for place, title in enumerate([made.title, *(each.title for each in made.criteria)]):
            if missing := [each for each in LANGUAGES if each not in title]:
                detail = f"title {place}: nothing in {', '.join(missing)}"
                faults.append(DataFault(str(path), "/title", "missing_language", detail))
        found[path.stem] = made
    if faults:
        raise DataError(faults)
    return found


def find_set(set_id: str) -> CriteriaRequest:
    """Return a set; UnknownName if there is none of this id."""
    known = criteria_sets()
    if set_id not in known:
        nearest = nearest_names(set_id, known)
        raise UnknownName("unknown_criteria", set_id, nearest, "see GET /v1/criteria")
    return known[set_id]


def summary(set_id: str, made: CriteriaRequest, language: Language) -> CriteriaSummary:
    """Return a set of the list."""
    return CriteriaSummary(
        id=set_id,
        title=said(made.title, language),
        authority=made.authority,
        categories=made.categories,
    )


def shown(criteria_id: str, language: Language) -> CriteriaAnswer:
    """Return a set as it is answered; UnknownName if there is none of this id."""
    made = find_set(criteria_id)
    return CriteriaAnswer(
        **vars(summary(criteria_id, made, language)),
        source=made.source,
        not_covered=made.not_covered,
        criteria=[each.model_dump(mode="json", exclude_none=True) for each in made.criteria],
        award=[each.model_dump(mode="json", exclude_none=True) for each in made.award],
    )


def said(title: dict[Language, str], language: Language) -> str:
    """Return a title in a language; else in English, or the first there is."""
    return title.get(language) or title.get("en") or next(iter(title.values()))
