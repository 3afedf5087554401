"""The reference model of an exercise: ordinary requests, and what the engine answers to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import ValidationError

from api.exercises.derive import UNITS, by_hand
from api.exercises.facts import Fact, category_row, counted
from api.exercises.shape import Exercise, Question, Result
from api.parse import pointer
from api.schemas.request import FootprintRequest
from api.translate.questions import to_study
from lca_service.catalogue.formulas import FormulaError, Formulas
from lca_service.domain.study import Study
from lca_service.engine import Engine
from lca_service.errors import Fault, StudyError
from lca_service.units import to_base


class Reference:
    """The reference model of an exercise for one variant.

    Parameters
    ----------
    places
        Codes by name: those of the exercise, and ``country``.
    given
        The amounts of the variant, in their units.
    """

    def __init__(
        self,
        exercise: Exercise,
        engine: Engine,
        facts: Mapping[str, Fact],
        places: Mapping[str, str],
        given: Mapping[str, float],
    ) -> None:
        self._exercise, self._engine, self._places = exercise, engine, places
        drawn = {name: np.array([amount]) for name, amount in given.items()}
        self._formulas = by_hand(exercise, facts, drawn)

    def request(self, study: str) -> dict[str, Any]:
        """Return a study as the request that anybody can send.

        Raises
        ------
        StudyError
            If it is none.
        """
        indicators = [
            each.indicator for each in self._exercise.results.values() if each.study == study
        ]
        value = {
            "name": self._exercise.title.get("en") or next(iter(self._exercise.title.values())),
            "location": "country",
            "bom": [],
            **self._exercise.studies[study],
            "indicators": list(dict.fromkeys(indicators)),
        }
        filled: dict[str, Any] = self._filled(value)
        try:
            FootprintRequest.model_validate(filled)
        except ValidationError as error:
            faults = [
                Fault(pointer(["studies", study, *each["loc"]]), "bad_study", str(each["msg"]))
                for each in error.errors(include_url=False)
            ]
            raise StudyError(faults) from error
        return filled

    def results(self) -> dict[str, float]:
        """Return what the engine computes, by name of result.

        Raises
        ------
        StudyError
            With the faults of a study; or if a result is unknown.
        """
        return {name: self._result(name, each) for name, each in self._exercise.results.items()}

    def answer(self, question: Question, results: Mapping[str, float]) -> float | None:
        """Return the engine's answer to a question, in its unit; None where it asks for none."""
        if question.engine is None:
            return None
        values, units = {}, {}
        for name, value in results.items():
            scale, units[name] = to_base(self._unit(self._exercise.results[name]))
            values[name] = np.array([value * scale])
        for name in (*UNITS, *self._exercise.given, *self._exercise.constants):
            values[name], units[name] = self._formulas.quantity(name)
        return float(Formulas(values, units, 1).amounts(question.engine, question.unit)[0])

    def _unit(self, result: Result) -> str:
        catalogue = self._engine.catalogue
        row = category_row(catalogue, result.indicator, result.method)
        return counted(catalogue.categories[row].unit)

    def _result(self, name: str, result: Result) -> float:
        value = self.request(result.study)
        value["indicators"] = [result.indicator]
        if result.method:
            value["methods"] = {result.indicator: result.method}
        study = to_study(FootprintRequest.model_validate(value))
        (found,) = self._engine.footprint(study).indicators
        if found.value is None or found.by_line is None or found.by_stage is None:
            raise StudyError([Fault("/country", "no_data", f"{name} is {found.reason}")])
        if result.scope is not None:
            return self._of_scope(study, result)
        if result.lines:
            return sum(found.by_line[line] for line in result.lines)
        return found.by_stage[result.stage] if result.stage else found.value

    def _of_scope(self, study: Study, result: Result) -> float:
        """Return what of a study is of a scope; of scope 3 also what comes before the others."""
        names = [*(each.id for each in study.lines), *(each.id for each in study.emissions)]
        scopes = {name: result.scopes.get(name, 3) for name in names}
        split = self._engine.split_by_scope(study, scopes)
        own = [split[name].own[result.indicator] or 0.0 for name in names
               if scopes[name] == result.scope]  # fmt: skip
        before = [split[name].upstream[result.indicator] or 0.0 for name in names]
        return sum(own) + (sum(before) if result.scope == 3 else 0.0)

    def _filled(self, value: Any, at: str = "") -> Any:
        """Return a part of a study with amounts for expressions and codes for places."""
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if not isinstance(value, dict):
            return self._places.get(value, value) if at == "location" else value
        found = {key: self._filled(each, key) for key, each in value.items()}
        for key, unit in (("amount", value.get("unit")), ("mass_kg", "kg")):
            if isinstance(value.get(key), str):
                if not isinstance(unit, str):
                    raise FormulaError(f"{value[key]!r} has no unit beside it")
                found[key] = float(self._formulas.amounts(value[key], unit)[0])
        return found
