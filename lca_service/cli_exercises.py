"""``lca-service exercises``: what is wrong with an exercise, and what a variant of it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lca_service.errors import StudyError
from lca_service.terminal import FAULTY, open_engine, read_settings, refuse

exercises = typer.Typer(no_args_is_help=True, help="Exercises on carbon and water footprints.")

Files = Annotated[list[Path], typer.Argument(help="YAML files, one exercise each.")]
File = Annotated[Path, typer.Argument(help="The YAML file of an exercise.")]


@exercises.command()
def check(
    files: Files,
    complete: Annotated[
        bool, typer.Option("--complete", help="Miss a language as a fault, not as a note.")
    ] = False,
) -> None:
    """Say what is wrong with exercises: form, names, units, numbers in twelve countries."""
    from api.exercises.check import check_exercise, missing_texts
    from api.exercises.files import read_exercise

    engine = open_engine(read_settings())
    faults: list[str] = []
    for path in files:
        faults += [str(fault) for fault in check_exercise(path, engine)]
        exercise, _ = read_exercise(path)
        missing = [] if exercise is None else missing_texts(exercise)
        if complete:
            faults += [f"{path.name}: {each} is missing [missing_text]" for each in missing]
        elif missing:
            typer.echo(f"{path.name}: {len(missing)} texts lack a language, such as {missing[0]}")
    if faults:
        refuse(faults, FAULTY)
    typer.echo(f"{len(files)} exercises are right" if len(files) > 1 else "the exercise is right")


@exercises.command()
def show(
    file: File,
    country: Annotated[str, typer.Option(help="Code of a country.")] = "KE",
    seed: Annotated[int, typer.Option(min=0, help="Which variant.")] = 0,
) -> None:
    """Print a variant of an exercise: what is given, and what right and wrong ways lead to."""
    from api.exercises.book import deal_in, find_country, set_in
    from api.exercises.files import read_exercise

    exercise, faults = read_exercise(file)
    if exercise is None or faults:
        refuse([str(fault) for fault in faults], FAULTY)
    try:
        engine = open_engine(read_settings())
        setting = set_in(exercise, engine, find_country(engine, country))
        (dealt,) = deal_in(exercise, engine, setting, [seed])
        results = dealt.reference.results()
        answers = {each.id: dealt.reference.answer(each, results) for each in exercise.questions}
    except StudyError as error:
        refuse([f"{fault.pointer} {fault.detail}" for fault in error.faults])
    typer.echo(" ".join(f"{name}={code}" for name, code in dealt.places.items()))
    for name, amount in dealt.variant.given.items():
        typer.echo(f"  {name} = {amount:g} {exercise.given[name].unit}")
    for name, fact in dealt.facts.items():
        typer.echo(f"  {name} = {fact.value:g} {fact.shown_unit} ({fact.location})")
    for name, value in results.items():
        typer.echo(f"  engine: {name} = {value:g}")
    for question in exercise.questions:
        expected = dealt.variant.expected[question.id]
        options = list(question.choices)
        by_engine = answers[question.id]
        beside = "" if by_engine is None else f", by the engine {by_engine:g}"
        unit = "" if question.unit == "dimensionless" else f" {question.unit}"
        typer.echo(f"{question.id}: {_shown(expected.right, options)}{unit}{beside}")
        for kind, value in expected.mistakes:
            typer.echo(f"    {kind}: {_shown(value, options)}")
        for kind in expected.untold:
            typer.echo(f"    {kind}: not told apart here")


def require_right(folder: Path) -> None:
    """Refuse a folder of exercises in which something is wrong."""
    from api.exercises.files import read_exercises
    from lca_service.errors import DataError

    try:
        read_exercises(folder)
    except DataError as error:
        refuse([str(error)], FAULTY)


def _shown(value: float, options: list[str]) -> str:
    return options[int(value)] if options else f"{value:.6g}"
