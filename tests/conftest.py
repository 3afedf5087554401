"""What every test of the house may ask for."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from lca_service.compilation import compiled_folder
from lca_service.engine import Engine

_ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def _own_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let nothing that is tested write into the database of whoever tests."""
    file = tmp_path_factory.mktemp("database") / "footprints.sqlite"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LCA_DATABASE_URL", f"sqlite:///{file}")
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return _ROOT


@pytest.fixture(scope="session")
def tiny_knowledge() -> Path:
    """Return the folder of a tiny world whose results can be worked out by hand."""
    return _ROOT / "tests" / "knowledge"


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of this test session share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def data_root(session_folder: Path) -> Path:
    """Return a data root in which the shipped release is compiled, once per test session."""
    folder = session_folder / "data-root"
    folder.mkdir(exist_ok=True)
    with (session_folder / "data-root.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        compiled_folder(folder)
    return folder


@pytest.fixture(scope="session")
def engine(data_root: Path) -> Engine:
    """Return the engine on the shipped release."""
    return Engine.open(data_root)


@pytest.fixture(scope="session")
def tiny(tiny_knowledge: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Return the engine on the tiny world."""
    return Engine.open(tmp_path_factory.mktemp("tiny"), knowledge=tiny_knowledge)
