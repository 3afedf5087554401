"""``python -m benchmarks.inventory``: write the pages about the inventory into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.inventory import closure, coverage, estimates
from lca_service.engine import Engine

EXAMPLES = Path(__file__).parents[2] / "examples"


def main() -> None:
    """Write every page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="folder to write into, such as docs")
    parser.add_argument("--data-root", type=Path, help="folder for the compiled release")
    given = parser.parse_args()
    engine = Engine.open(given.data_root)
    pages = {
        "closure.md": closure.page(engine),
        "coverage.md": coverage.page(engine),
        "estimates.md": estimates.page(engine, EXAMPLES),
    }
    for name, text in pages.items():
        (given.folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
