"""What every command shares: opening a release, settings, and refusing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import typer
from pydantic import ValidationError

from api.settings import Settings
from lca_service.errors import DataError

REFUSED = 2  # exit status where the request, an option or a setting is wrong
FAULTY = 1  # exit status where the data are wrong


def open_engine(settings: Settings, knowledge: Path | None = None) -> Any:
    """Return the engine on the shipped release, or on that of a folder."""
    from lca_service.engine import Engine  # here, because `--help` needs no matrices

    try:
        return Engine.open(settings.data_root, knowledge=knowledge)
    except (DataError, OSError) as error:
        refuse([str(error)])


def read_settings() -> Settings:
    """Return the settings of the environment."""
    try:
        return Settings()
    except ValidationError as error:
        refuse(
            [
                f"LCA_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}"
                for each in error.errors()
            ]
        )


def refuse(lines: list[str], status: int = REFUSED) -> NoReturn:
    """Print what is wrong, and end."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(status)
