"""Real matrices are read as they are stored."""

import io
import json
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.systems import normalized, sample_systems


def test_without_their_folder_there_are_no_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LCA_SAMPLES", raising=False)
    assert sample_systems() == []


def test_samples_are_read_as_they_are_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = sparse.csc_array([[1.0, -0.5], [0.0, 2.0]]), sparse.csc_array([[0.0, 3.0]])
    c = sparse.csr_array([[4.0]])
    parts = {
        f"{name}_{part}": getattr(matrix, part)
        for name, matrix in zip("ABC", (a, b, c), strict=True)
        for part in ("data", "indices", "indptr")
    }
    (tmp_path / "matrices").mkdir()
    np.savez(tmp_path / "matrices" / "two.npz", shapes=[a.shape, b.shape, c.shape], **parts)
    monkeypatch.setenv("LCA_SAMPLES", str(tmp_path))
    (system,) = sample_systems()
    assert system.name == "two"
    assert system.technosphere.toarray().tolist() == [[1.0, -0.5], [0.0, 2.0]]
    assert system.biosphere.toarray().tolist() == [[0.0, 3.0]]
    assert system.characterization.tolist() == [[4.0]]


def test_an_input_output_model_is_read_as_the_rest_of_a_dollar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "useeio").mkdir()
    with tarfile.open(tmp_path / "useeio" / "model.tar.xz", "w:xz") as archive:
        for name, rows in (("A", [[0.1, 0.2], [0, 0]]), ("B", [[3, 0]]), ("C", [[4]])):
            content = json.dumps(rows).encode()
            member = tarfile.TarInfo(f"model/matrix/{name}.json")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    monkeypatch.setenv("LCA_SAMPLES", str(tmp_path))
    (system,) = sample_systems()
    assert system.name == "model"
    assert system.technosphere.toarray().tolist() == [[0.9, -0.2], [0.0, 1.0]]
    assert system.biosphere.toarray().tolist() == [[3.0, 0.0]]


@pytest.mark.skipif("LCA_SAMPLES" not in os.environ, reason="the samples are not in the house")
def test_the_samples_are_those_that_were_described() -> None:
    systems = {system.name: system for system in sample_systems()}
    sizes = {name: system.technosphere.shape[0] for name, system in systems.items()}
    assert sizes.pop("USEEIOv2.1.20-GHG") == 411
    assert sizes == {
        "premise_all": 3210,
        "tiangong_first": 3830,
        "tiangong_mean": 3830,
        "uslci17": 766,
        "uslci_es2": 746,
    }
    # Wrong units in a loop of TianGong: it takes 1.8e8 times what it makes
    inputs = abs(normalized(systems["tiangong_first"].technosphere))
    taken: NDArray[np.float64] = np.ones(3830)
    kept = 0.0
    for _ in range(200):
        taken = inputs @ taken
        kept = float(np.linalg.norm(taken))
        taken = taken / kept
    assert kept == pytest.approx(1.8e8, rel=0.02)
