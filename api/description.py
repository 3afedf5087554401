"""The OpenAPI description: what FastAPI cannot see, and an example of every answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, RootModel

from api import categories, countries, describe, portfolio
from api.ask import ask_contributions, ask_footprint
from api.claims import ask_claim
from api.classes.example import class_examples
from api.comparisons import ask_comparison
from api.examples import (
    ACTIVITY,
    ACTIVITY_BOUGHT,
    ATTEMPT_REQUEST,
    BRANCH,
    BUILDING_REQUEST,
    CATEGORY,
    CATEGORY_REQUEST,
    CLAIM_REQUEST,
    CLIMATE,
    COMPARISON_REQUEST,
    CONSUMPTION_REQUEST,
    COUNTRIES,
    COUNTRY,
    CRITERIA,
    EVALUATION_REQUEST,
    EXERCISE,
    FOOTPRINT_ID,
    FOOTPRINT_REQUEST,
    MEASURE,
    MEASURE_CHANGES_REQUEST,
    MEASURE_REQUEST,
    OWN_TENDER_REQUEST,
    OWNED_ID,
    OWNED_REQUEST,
    PRESSURE,
    PRODUCT,
    RATING_REQUEST,
    SCENARIO_ID,
    SCENARIO_REQUEST,
    SECTOR,
    TENDER_REQUEST,
    VERSION_REQUEST,
    WHATIF_REQUEST,
    request_schemas,
)
from api.exercises.attempt import grade_attempt
from api.exercises.book import shipped_book
from api.exercises.dealt import Dealt
from api.exercises.sheet import sheet, solution
from api.exercises.sheet import summary as summary_of_exercise
from api.exports.pact import WATER_SCHEMA
from api.keep import as_bytes, summary, to_keep
from api.kept import draws, grounds, parts, passports
from api.kept.whatif import ask_variants
from api.organisation.ask import ask_organisation
from api.organisation.example import ORGANISATION_REQUEST
from api.places.buildings import ask_building
from api.places.consumption import ask_consumption
from api.policy.benchmarks import ask_benchmark, ask_rating
from api.policy.criteria import ask_tender
from api.policy.criteria_sets import criteria_sets
from api.policy.criteria_sets import shown as shown_criteria
from api.policy.criteria_sets import summary as summary_of_criteria
from api.policy.hotspots import ask_hotspots, list_sectors
from api.policy.measures import ask_measure
from api.policy.scenario import ask_scenario
from api.policy.shipped import find_measure
from api.policy.worked import ask_worked, list_measures, shown
from api.problems import MEDIA_TYPE
from api.schemas.catalogue import HealthAnswer, Page
from api.schemas.exercises import AttemptRequest, ExerciseList
from api.schemas.kept import KeptFootprintAnswer
from api.schemas.portfolio import OwnedSummary, VersionRequest
from api.schemas.problem import FaultAnswer, ProblemAnswer
from api.schemas.request import SamplingRequest
from api.schemas.scenarios import (
    ScenarioAnswer,
    ScenarioRequest,
    ScenarioSummary,
    ScenarioVersionAnswer,
)
from api.store.footprints import Kept
from api.store.portfolio import Owned, Version
from api.working import ask_working
from lca_service.catalogue.inspect import inspect_activity
from lca_service.catalogue.product_templates import ProductTemplate
from lca_service.catalogue.search import search_products
from lca_service.engine import Engine
from lca_service.errors import SamplesMissing, StudyError, UnknownName
from lca_service.releases import Releases

_MOST_LINES = 100
_SAMPLING = SamplingRequest(samples=32, seed=0)

PROBLEM: dict[str, Any] = {
    "description": "A problem, with every fault at once (RFC 9457).",
    "content": {
        MEDIA_TYPE: {
            "schema": {"$ref": "#/components/schemas/ProblemAnswer"},
            "example": ProblemAnswer(
                title="Unprocessable Content",
                status=422,
                detail="the request has one fault; nothing was computed",
                instance="/v1/footprints",
                errors=[
                    FaultAnswer(
                        pointer="/bom/0/product",
                        code="unknown_product",
                        detail="unknown product 'coton-lint'",
                        hint="search the names with GET /v1/products?q=",
                        allowed=["cotton-lint", "cotton-yarn", "cottonseed"],
                    )
                ],
            ).model_dump(),
        }
    },
}


def complete_description(app: FastAPI) -> None:
    """Put the schemas of hand-parsed bodies and the examples of answers into `app.openapi`."""
    describe_routes = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is not None:
            return app.openapi_schema
        schema = describe_routes()
        problem = ProblemAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
        components: dict[str, Any] = schema.setdefault("components", {}).setdefault("schemas", {})
        components |= problem.pop("$defs") | {"ProblemAnswer": problem} | request_schemas()
        engine = getattr(app.state, "engine", None)
        if engine is not None:
            _show(schema, dict(answer_examples(engine)))
        return schema

    app.openapi = openapi  # type: ignore[method-assign]


def answer_examples(engine: Engine) -> Iterator[tuple[str, Any]]:
    """Yield the answer of each operation to its example, with one entry of each list.

    They come from the open release, so that no number in the documentation grows old. A
    release without the products of the examples has no answer to show, nor one without samples.
    """
    for operation, ask in _QUESTIONS.items():
        with suppress(StudyError, UnknownName, SamplesMissing):
            yield operation, shortened(ask(engine).model_dump(mode="json"))
    with suppress(StudyError, UnknownName):
        for operation, answer in class_examples(engine).items():
            yield operation, shortened(answer.model_dump(mode="json", by_alias=True))


def shortened(value: Any) -> Any:
    """Return JSON with the first entry of each list.

    Examples
    --------
    >>> shortened({"items": [{"ladder": ["BD", "034"]}, {}], "total": 2})
    {'items': [{'ladder': ['BD']}], 'total': 2}
    """
    if isinstance(value, list):
        return [shortened(each) for each in value[:1]]
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    return value


def _show(schema: dict[str, Any], answers: Mapping[str, Any]) -> None:
    for methods in schema["paths"].values():
        for operation in methods.values():
            name = operation["operationId"]
            if name in answers:
                content = operation["responses"]["200"]["content"]["application/json"]
                content["example"] = answers[name]


def _kept(engine: Engine) -> Kept:
    answer = ask_footprint(FOOTPRINT_REQUEST, engine, max_lines=_MOST_LINES)
    return to_keep(FOOTPRINT_REQUEST, answer, FOOTPRINT_ID)


def _kept_footprint(engine: Engine) -> BaseModel:
    return _as_kept(FOOTPRINT_REQUEST, engine)


def _as_kept(request: dict[str, Any], engine: Engine) -> BaseModel:
    answer = ask_footprint(request, engine, max_lines=_MOST_LINES)
    kept = to_keep(request, answer, FOOTPRINT_ID)
    return KeptFootprintAnswer.model_validate_json(as_bytes(kept))


def _owned() -> Owned:
    return Owned(OWNED_ID, datetime.now(UTC), OWNED_REQUEST["name"])


def _owned_answer(engine: Engine, n_versions: int) -> BaseModel:
    cost = portfolio.life_cycle_cost(VersionRequest.model_validate(VERSION_REQUEST))
    found = b"" if cost is None else cost.model_dump_json().encode()
    kept = _kept(engine)
    version = Version(OWNED_ID, 1, kept.id, kept.created, VERSION_REQUEST["note"], found)
    return portfolio.to_answer(_owned(), [version] * n_versions, lambda _: kept)


def _template(engine: Engine) -> ProductTemplate:
    return categories.find_template(CATEGORY, engine)


def _of_category(engine: Engine) -> dict[str, Any]:
    return categories.to_request(_template(engine), CATEGORY_REQUEST)


def _contributions(engine: Engine) -> BaseModel:
    return ask_contributions(
        FOOTPRINT_REQUEST, engine, by="activity", depth=2, limit=20, nodes=20, max_lines=_MOST_LINES
    )


def _products(engine: Engine) -> BaseModel:
    found = search_products(engine.catalogue, "electricity", location="KE", category="energy")
    return describe.product_page(found, engine.catalogue, offset=0, limit=1)


def _product(engine: Engine) -> BaseModel:
    names = engine.catalogue.nomenclature.products
    if PRODUCT not in names:
        raise UnknownName("unknown_product", PRODUCT)
    return describe.product_detail(names[PRODUCT], engine.catalogue)


def _activity(engine: Engine) -> BaseModel:
    return describe.activity(*inspect_activity(engine.catalogue, ACTIVITY), engine.catalogue)


def _sensitivities(engine: Engine) -> BaseModel:
    catalogue = engine.catalogue
    inspect_activity(catalogue, ACTIVITY)
    row = catalogue.default_categories[CLIMATE]
    found = engine.elasticities(catalogue.positions[ACTIVITY], row, limit=1)
    return describe.sensitivities(ACTIVITY, found)


def _scenario(n_versions: int) -> ScenarioAnswer:
    now = datetime.now(UTC)
    versions = [
        ScenarioVersionAnswer(
            number=number,
            created=now,
            note=SCENARIO_REQUEST["note"],
            patches=SCENARIO_REQUEST["patches"],
        )
        for number in range(1, n_versions + 1)
    ]
    name = SCENARIO_REQUEST["name"]
    return ScenarioAnswer(id=SCENARIO_ID, name=name, created=now, versions=versions)


def _tender(criteria: str | None, request: dict[str, Any], engine: Engine) -> BaseModel:
    return ask_tender(
        criteria,
        request,
        Releases(engine),
        lambda _: _kept(engine),
        "en",
        max_lines=_MOST_LINES,
    )


def _course() -> BaseModel:
    items = [
        summary_of_exercise(each, "fr")
        for each in shipped_book().exercises.values()
        if each.level == "beginner" and "electricity" in each.topics
    ]
    return ExerciseList(items=items, total=len(items))


def _dealt(engine: Engine) -> Dealt:
    return shipped_book().deal(EXERCISE, engine, "KE", 7)


def _trends(engine: Engine, codes: str) -> BaseModel:
    named = codes.split(",")
    return countries.ask_trends(named, engine, start=2000, end=2017, pressures=[PRESSURE])


def _page(entries: list[Any]) -> BaseModel:
    return Page[Any](items=entries, total=len(entries))


_QUESTIONS: dict[str, Callable[[Engine], BaseModel]] = {
    "post_footprint": _kept_footprint,
    "get_footprint": _kept_footprint,
    "list_footprints": lambda engine: _page([summary(_kept(engine))]),
    "get_footprint_request": lambda _: RootModel(FOOTPRINT_REQUEST),
    "get_footprint_contributions": lambda engine: parts.contributions(
        _kept(engine), engine, "line", 20, 2
    ),
    "get_footprint_tree": lambda engine: parts.tree(
        _kept(engine), engine, CLIMATE, depth=3, nodes=20, cut_off=0.01, branch=BRANCH
    ),
    "get_footprint_sankey": lambda engine: parts.sankey(_kept(engine), engine, CLIMATE, nodes=20),
    "get_footprint_coverage": lambda engine: grounds.coverage(_kept(engine)),
    "get_footprint_quality": lambda engine: grounds.quality(_kept(engine)),
    "get_footprint_manifest": lambda engine: grounds.passport(_kept(engine)),
    "list_portfolio": lambda _: _page([OwnedSummary(**vars(_owned()))]),
    "post_portfolio_product": lambda engine: _owned_answer(engine, 1),
    "get_portfolio_product": lambda engine: _owned_answer(engine, 1),
    "post_version": lambda engine: _owned_answer(engine, 2),
    "post_organisation_footprint": lambda engine: ask_organisation(
        ORGANISATION_REQUEST, engine, max_lines=_MOST_LINES
    ),
    "list_categories": lambda engine: _page(
        [categories.category(each) for each in engine.catalogue.product_templates.values()]
    ),
    "get_category_schema": lambda engine: RootModel(categories.schema(_template(engine))),
    "expand_category": lambda engine: RootModel(_of_category(engine)),
    "post_category_footprint": lambda engine: _as_kept(_of_category(engine), engine),
    "post_whatif": lambda engine: ask_variants(
        _kept(engine), WHATIF_REQUEST, engine, max_lines=_MOST_LINES
    ),
    "get_footprint_samples": lambda engine: draws.samples(
        _kept(engine), engine, CLIMATE, _SAMPLING
    ),
    "get_measure_next": lambda engine: draws.measure_next(
        _kept(engine), engine, CLIMATE, _SAMPLING
    ),
    "recompute_footprint": lambda engine: passports.recompute(_kept(engine), Releases(engine)),
    "get_footprint_difference": lambda engine: passports.difference(
        _kept(engine), _kept(engine), Releases(engine)
    ),
    "post_contributions": _contributions,
    "explain_footprint": lambda engine: ask_working(
        FOOTPRINT_REQUEST,
        engine,
        indicator=CLIMATE,
        opened=[ACTIVITY_BOUGHT],
        max_lines=_MOST_LINES,
    ),
    "post_comparison": lambda engine: ask_comparison(
        COMPARISON_REQUEST, Releases(engine), lambda _: _kept(engine), max_lines=_MOST_LINES
    ),
    "post_scenario": lambda _: _scenario(1),
    "get_scenario": lambda _: _scenario(1),
    "post_scenario_version": lambda _: _scenario(2),
    "list_scenarios": lambda _: _page(
        [ScenarioSummary(**_scenario(1).model_dump(exclude={"versions"}))]
    ),
    "evaluate_scenario": lambda engine: ask_scenario(
        EVALUATION_REQUEST,
        Releases(engine),
        lambda _: _kept(engine),
        lambda _: ScenarioRequest.model_validate(SCENARIO_REQUEST).patches,
        max_lines=_MOST_LINES,
    ),
    "list_measures": lambda _: _page(list_measures("", "en")),
    "get_measure": lambda engine: shown(MEASURE, find_measure(MEASURE), engine, "en"),
    "evaluate_measure": lambda engine: ask_measure(
        MEASURE_REQUEST,
        Releases(engine),
        lambda _: _kept(engine),
        lambda _: [],
        max_lines=_MOST_LINES,
    ),
    "evaluate_worked_measure": lambda engine: ask_worked(
        MEASURE, MEASURE_CHANGES_REQUEST, Releases(engine), max_lines=_MOST_LINES
    ),
    "list_hotspots": lambda _: _page(list_sectors("en")),
    "get_hotspots": lambda engine: ask_hotspots(
        SECTOR,
        "rice",
        ["IN", "KE", "VN"],
        [CLIMATE, "water.consumption"],
        Releases(engine),
        "en",
    ),
    "get_benchmark": lambda engine: ask_benchmark(
        CATEGORY, [CLIMATE], ["BD", "IN", "CN", "TR"], ["mass"], _SAMPLING, engine
    ),
    "rate_product": lambda engine: ask_rating(
        CATEGORY,
        RATING_REQUEST,
        Releases(engine),
        lambda _: _kept(engine),
        max_lines=_MOST_LINES,
    )[0],
    "list_criteria": lambda _: _page(
        [summary_of_criteria(name, each, "en") for name, each in criteria_sets().items()]
    ),
    "get_criteria": lambda _: shown_criteria(CRITERIA, "en"),
    "evaluate_criteria": lambda engine: _tender(CRITERIA, TENDER_REQUEST, engine),
    "evaluate_own_criteria": lambda engine: _tender(None, OWN_TENDER_REQUEST, engine),
    "post_building": lambda engine: ask_building(BUILDING_REQUEST, engine, max_lines=_MOST_LINES),
    "post_consumption_table": lambda engine: ask_consumption(
        CONSUMPTION_REQUEST, engine, max_lines=_MOST_LINES
    ),
    "check_claim": lambda engine: ask_claim(
        CLAIM_REQUEST, Releases(engine), lambda _: _kept(engine), max_lines=_MOST_LINES
    ),
    "list_exercises": lambda _: _course(),
    "get_exercise": lambda engine: sheet(_dealt(engine), "fr"),
    "post_attempt": lambda engine: grade_attempt(
        _dealt(engine), AttemptRequest.model_validate(ATTEMPT_REQUEST).answers, "en", attempt=1
    ),
    "get_solution": lambda engine: solution(_dealt(engine), "fr", "full"),
    "list_products": _products,
    "get_product": _product,
    "get_activity": _activity,
    "get_sensitivities": _sensitivities,
    "get_water_schema": lambda _: RootModel(WATER_SCHEMA),
    "list_locations": lambda engine: _page(describe.locations(engine.catalogue)),
    "list_flows": lambda engine: _page(describe.flows(engine.catalogue)),
    "list_indicators": lambda engine: _page(describe.indicators(engine.catalogue)),
    "list_methods": lambda engine: _page(describe.methods(engine.catalogue)),
    "list_releases": lambda engine: _page(list(describe.releases(Releases(engine)))),
    "get_coverage": describe.release_coverage,
    "list_countries": lambda engine: countries.list_countries(engine.catalogue),
    "get_country_trends": lambda engine: _trends(engine, COUNTRY),
    "list_trends": lambda engine: _trends(engine, COUNTRIES),
    "get_live": lambda _: HealthAnswer(status="live"),
    "get_ready": lambda engine: HealthAnswer(
        status=f"ready: data release {engine.catalogue.release}"
    ),
}
