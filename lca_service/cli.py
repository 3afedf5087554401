"""``lca-service``: footprints, the server and data checks from the command line."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from api.settings import Settings
from lca_service import __version__

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
data = typer.Typer(no_args_is_help=True, help="Check, seal and compile the data.")
app.add_typer(data, name="data")

REFUSED = 2  # exit status where the request, an option or a setting is wrong
FAULTY = 1  # exit status where the data are wrong


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
    from api.read import BadJson
    from lca_service.errors import StudyError

    engine, settings = _open()
    body = _read(file)
    try:
        answer = ask_footprint(body, engine, max_lines=settings.max_lines)
    except BadJson as error:
        _refuse([str(error)])
    except StudyError as error:
        _refuse([_sentence(fault) for fault in error.faults])
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

    engine, settings = _open()  # compiled before the first worker starts
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


@data.command()
def check(
    root: Annotated[Path | None, typer.Option(help="Folder with datasets/ and methods/.")] = None,
) -> None:
    """Validate every package, expand every template, and print every fault."""
    from lca_service.catalogue.checks import check_knowledge
    from lca_service.catalogue.datapackage import knowledge_root

    try:
        faults = check_knowledge(root or knowledge_root())
    except OSError as error:
        _refuse([f"{error.filename}: {error.strerror}"])
    if faults:
        _refuse([str(fault) for fault in faults], FAULTY)
    typer.echo("the data is whole: every package valid, every template expanded")


@data.command()
def seal() -> None:
    """Write schema, hash and size of every table into its datapackage.json."""
    from lca_service.catalogue.datapackage import knowledge_root, packages
    from lca_service.catalogue.datapackage import seal as seal_package

    root = knowledge_root()
    for floor in ("datasets", "methods"):
        for package in packages(root, floor):
            if seal_package(package):
                typer.echo(f"sealed {floor}/{package.name}")


@data.command("compile")
def compile_data() -> None:
    """Expand and solve the release into the cache, so that the next start is quick."""
    from lca_service.compilation import compiled_folder

    started = time.perf_counter()
    folder = compiled_folder(_settings().data_root)
    seconds = time.perf_counter() - started
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    typer.echo(f"{folder}: {size:.1f} MiB in {seconds:.1f} s")


def _open() -> Any:
    """Return the engine and the settings."""
    from lca_service.engine import Engine
    from lca_service.errors import DataError

    settings = _settings()
    try:
        return Engine.open(settings.data_root), settings
    except (DataError, OSError) as error:
        _refuse([str(error)])


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        _refuse(
            [
                f"LCA_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}"
                for each in error.errors()
            ]
        )


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read() if sys.stdin else b""
    try:
        return Path(file).read_bytes()
    except OSError as error:
        _refuse([f"{file}: {error.strerror}"])


def _sentence(fault: Any) -> str:
    parts = [f"{fault.pointer or '/'}: {fault.detail}"]
    if fault.allowed:
        parts.append(f"nearest or allowed: {', '.join(fault.allowed)}")
    if fault.hint:
        parts.append(fault.hint)
    return "; ".join(parts)


def _refuse(lines: list[str], status: int = REFUSED) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(status)


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
