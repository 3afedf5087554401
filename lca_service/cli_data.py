"""``lca-service data``: check, seal, compile and compare data releases."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from lca_service.terminal import FAULTY, open_engine, read_settings, refuse

data = typer.Typer(no_args_is_help=True, help="Check, seal, compile and compare the data.")


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
        refuse([f"{error.filename}: {error.strerror}"])
    if faults:
        refuse([str(fault) for fault in faults], FAULTY)
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
    folder = compiled_folder(read_settings().data_root)
    seconds = time.perf_counter() - started
    size = sum(path.stat().st_size for path in folder.iterdir()) / 2**20
    typer.echo(f"{folder}: {size:.1f} MiB in {seconds:.1f} s")


@data.command()
def diff(
    old: Annotated[Path, typer.Argument(help="Folder with datasets/ and methods/.")],
    new: Annotated[Path, typer.Argument(help="The same, of the later release.")],
    examples: Annotated[Path, typer.Option(help="Folder of requests.")] = Path("examples"),
) -> None:
    """Print what two data releases answer to the examples, as a Markdown table."""
    from api.difference import difference_page

    requests = {path.stem: path.read_bytes() for path in sorted(examples.glob("*.json"))}
    if not requests:
        refuse([f"{examples}: no request (*.json) to compare"])
    settings = read_settings()
    before, after = (open_engine(settings, folder) for folder in (old, new))
    typer.echo(difference_page(before, after, requests), nl=False)
