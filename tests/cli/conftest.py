"""The command line on the tiny world, in this process or in one of its own."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from lca_service.cli import app
from lca_service.engine import Engine

Run = Callable[..., Result]

# The command, but on the knowledge of the first argument
_COMMAND = """
import sys
from pathlib import Path
import lca_service.compilation
import lca_service.cli
knowledge = Path(sys.argv.pop(1))
lca_service.compilation.knowledge_root = lambda: knowledge
lca_service.cli.app()
"""

REQUEST = """{"name": "Diesel, très cher ₂", "declared_unit": {"amount": 1, "unit": "kg"},
"location": "IN", "bom": [{"id": "fuel", "stage": "use", "product": "diesel",
"amount": 1, "unit": "kg"}], "indicators": ["climate_change.total"]}"""


@pytest.fixture
def command(tiny_knowledge: Path) -> list[str]:
    """Return the start of a command line on the tiny world, in a process of its own."""
    return [sys.executable, "-W", "error", "-c", _COMMAND, str(tiny_knowledge)]


@pytest.fixture
def environment(tiny: Engine) -> dict[str, str]:
    """Return an environment in which the tiny world is compiled already."""
    return os.environ | {"LCA_DATA_ROOT": str(tiny.catalogue.folder.parent.parent)}


@pytest.fixture
def run(environment: dict[str, str], tiny_knowledge: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command line in this process: one of its own takes 2 s."""
    monkeypatch.setattr("lca_service.compilation.knowledge_root", lambda: tiny_knowledge)

    def run(*words: str, stdin: bytes = b"", **settings: str) -> Result:
        return CliRunner().invoke(app, words, input=stdin, env=environment | settings)

    return run
