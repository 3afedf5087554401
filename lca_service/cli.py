"""``lca-service``: footprints, the server and data checks from the command line."""

from __future__ import annotations

import sys
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from lca_service import __version__
from lca_service.cli_data import data
from lca_service.cli_exercises import exercises, require_right
from lca_service.cli_samples import samples
from lca_service.terminal import open_engine, read_settings, refuse

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(data, name="data")
app.add_typer(exercises, name="exercises")
app.add_typer(samples, name="samples")


class Format(StrEnum):
    """How a footprint is printed."""

    TABLE = "table"
    JSON = "json"


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Carbon and water footprints of products from open, regional data."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name beyond the terminal's letters


@app.command()
def footprint(
    file: Annotated[str, typer.Argument(help="A request as JSON; - for standard input.")],
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.TABLE,
) -> None:
    """Print the footprint of a request: the same answer as POST /v1/footprints."""
    from api.ask import ask_footprint
    from api.keep import choose_release
    from api.read import BadJson, read_json
    from lca_service.errors import SamplesMissing, StudyError
    from lca_service.releases import Releases

    settings = read_settings()
    releases = Releases(open_engine(settings), settings.data_root)
    body = _read(file)
    try:
        value = read_json(body)
        engine, faults = choose_release(value, releases)
        answer = ask_footprint(value, engine, max_lines=settings.max_lines, faults=faults)
    except BadJson as error:
        refuse([str(error)])
    except StudyError as error:
        refuse([_sentence(fault) for fault in error.faults])
    except SamplesMissing as error:
        build = f"lca-service samples build --samples {error.wanted} --seed {error.seed}"
        refuse([f"{error}; first run: {build}"])
    if format is Format.JSON:
        typer.echo(answer.model_dump_json().encode())  # JSON is UTF-8 in any locale
    else:
        from api.table import as_table

        typer.echo(as_table(answer))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address; else LCA_HOST, 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; else LCA_PORT, 8000.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes; else LCA_WORKERS, 1.")
    ] = None,
) -> None:
    """Serve the API."""
    import uvicorn

    from api.app import create_app

    settings = read_settings()
    engine = open_engine(settings)  # compiled before the first worker starts
    if settings.exercises:
        require_right(settings.exercises)
    where, gate = host or settings.host, settings.port if port is None else port
    processes = settings.workers if workers is None else workers
    typer.echo(_invitation(where, gate), err=True)
    uvicorn.run(
        create_app(settings, engine=engine) if processes == 1 else "api.app:create_app",
        factory=processes != 1,
        host=where,
        port=gate,
        workers=processes,
        log_level=settings.log_level,
        server_header=False,
    )


@app.command()
def bench(
    activities: Annotated[
        int, typer.Option(min=1000, max=50_000, help="Size of the drawn system.")
    ] = 20_000,
    task: Annotated[str | None, typer.Option(help="One task; else all.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a list of rows.")] = False,
) -> None:
    """Measure the solver beside bw2calc, on a system like a life cycle database."""
    import dataclasses
    import json

    try:
        from benchmarks import solver
    except ModuleNotFoundError:
        refuse(["the benchmarks are not installed: run this in the source checkout"])
    if task is not None and task not in solver.TASKS:
        refuse([f"unknown task {task!r}; one of: {', '.join(solver.TASKS)}"])
    rows = [solver.run(task, activities)] if task else solver.run_all(activities)
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(row) for row in rows], indent=2))
    else:
        typer.echo(solver.as_table(rows))


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read() if sys.stdin else b""
    try:
        return Path(file).read_bytes()
    except OSError as error:
        refuse([f"{file}: {error.strerror}"])


def _sentence(fault: Any) -> str:
    parts = [f"{fault.pointer or '/'}: {fault.detail}"]
    if fault.allowed:
        parts.append(f"nearest or allowed: {', '.join(fault.allowed)}")
    if fault.hint:
        parts.append(fault.hint)
    return "; ".join(parts)


def _invitation(host: str, port: int) -> str:
    """Return a curl line that works while the service runs."""
    reachable = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    address = f"[{reachable}]" if ":" in reachable else reachable
    example = Path("examples/rice-th.json")
    body = f"@{example}" if example.exists() else f"'{_SMALL_REQUEST}'"
    return (
        f"Serving on http://{address}:{port} (documentation: /docs). Try:\n\n"
        f"  curl -H 'Content-Type: application/json' -d {body} "
        f"http://{address}:{port}/v1/footprints\n"
    )


_SMALL_REQUEST = (
    '{"name": "One kilowatt-hour in Kenya", "declared_unit": {"amount": 1, "unit": "kWh"}, '
    '"location": "KE", "bom": [{"id": "power", "stage": "use", '
    '"product": "electricity-low-voltage", "amount": 1, "unit": "kWh"}]}'
)


if __name__ == "__main__":
    app()
