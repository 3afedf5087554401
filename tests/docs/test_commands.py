"""Every command that a document gives in a ``bash`` block does what it says."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lca_service.engine import Engine
from tests.cli.serving import serving

_ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DOCUMENTS = ("README.md", "examples/README.md", "docs/api.md", "docs/exercises.md")
BLOCKS = {
    f"{document}:{number}": block
    for document in _DOCUMENTS
    for number, block in enumerate(_BLOCK.findall((_ROOT / document).read_text("utf-8")), 1)
}


@pytest.fixture(scope="module")
def service(
    engine: Engine, data_root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    engine.build_samples(samples=64, seed=0)  # a reader waits for them
    with serving(tmp_path_factory.mktemp("service"), data_root, cwd=_ROOT) as service:
        yield service.address


@pytest.mark.skipif(not shutil.which("curl"), reason="the documents ask with curl")
@pytest.mark.parametrize("block", BLOCKS)
def test_a_documented_command_works(block: str, service: str, data_root: Path) -> None:
    commands = BLOCKS[block].replace("http://127.0.0.1:8000", service)
    command = f"{sys.executable} -m lca_service.cli"
    commands = re.sub(r"(\.venv/bin/)?lca-service\b", command, commands)
    # An answer other than 2xx fails the command here, where a reader would see the problem
    script = f'curl() {{ command curl --fail-with-body "$@"; }}\n{commands}'
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=_ROOT,
        env=os.environ | {"LCA_DATA_ROOT": str(data_root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[:2000] + done.stderr
    assert done.stdout


def test_the_readme_shows_how_to_ask_over_http_and_without() -> None:
    shown = "".join(block for name, block in BLOCKS.items() if name.startswith("README.md"))
    assert "curl" in shown
    assert "lca-service footprint" in shown


def test_every_link_of_a_document_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(_ROOT)}: {target}"
        for path in (
            *_ROOT.glob("*.md"),
            *(_ROOT / "docs").rglob("*.md"),
            _ROOT / "examples/README.md",
        )
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text("utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []
