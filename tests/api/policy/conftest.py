"""A service on the shipped release, with a database and samples of its own."""

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from lca_service.engine import Engine


@pytest.fixture(scope="module")
def service(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    engine.build_samples(samples=64, seed=0)
    folder = tmp_path_factory.mktemp("policy")
    url = f"sqlite:///{folder / 'kept.sqlite'}"
    chosen = Settings(data_root=folder, database_url=url, sample_banks=0)
    return TestClient(create_app(chosen, engine=engine))
