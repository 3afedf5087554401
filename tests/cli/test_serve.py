"""`lca-service serve`: a service that answers the line it prints, and stops when told."""

import http.client
import json
import re
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.cli.serving import serving


def ask(printed: str, cwd: Path) -> dict[str, object]:
    """Run the curl line that the service printed."""
    line = re.search("^ +(curl .*)$", printed, re.MULTILINE)
    assert line
    done = subprocess.run(line[1] + " --fail --silent", shell=True, cwd=cwd, capture_output=True)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


needs_curl = pytest.mark.skipif(not shutil.which("curl"), reason="the printed line is for curl")


@needs_curl
def test_the_printed_line_works_in_the_checkout_and_the_service_stops_when_told(
    root: Path, data_root: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, data_root, cwd=root) as service:
        assert "@examples/rice-th.json" in service.printed
        assert service.address in service.printed
        assert ask(service.printed, root)["lines"]
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(10) in (0, -signal.SIGTERM)


@needs_curl
def test_two_workers_share_what_is_compiled_and_the_line_works_anywhere(
    data_root: Path, tmp_path: Path
) -> None:
    made = sorted((data_root / "compiled").iterdir())
    with serving(tmp_path, data_root, "--workers", "2", cwd=tmp_path) as service:
        assert ask(service.printed, tmp_path)["lines"]
    assert sorted((data_root / "compiled").iterdir()) == made


def test_a_body_in_pieces_is_refused_once_it_is_too_large(data_root: Path, tmp_path: Path) -> None:
    with serving(tmp_path, data_root, cwd=tmp_path, LCA_MAX_BODY_BYTES="2048") as service:
        connection = http.client.HTTPConnection(urlsplit(service.address).netloc, timeout=30)
        pieces = iter([b" " * 1000] * 3)
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/v1/footprints", pieces, headers, encode_chunked=True)
        response = connection.getresponse()
        assert response.status == 413
        assert response.headers["Request-Id"]
        assert json.loads(response.read())["title"]
        connection.close()
        with urlopen(f"{service.address}/health/live") as alive:
            assert alive.status == 200
