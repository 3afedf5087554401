"""``python -m benchmarks.validation``: print a page of comparisons, or write it to a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.validation import policy
from benchmarks.validation.page import page
from lca_service.catalogue.datapackage import knowledge_root
from lca_service.engine import Engine


def main() -> None:
    """Print the page, or write it to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="file to write instead of printing")
    parser.add_argument(
        "--policy", action="store_true", help="of measures and value chains, not of products"
    )
    parser.add_argument("--data-root", type=Path, help="folder for the compiled release")
    given = parser.parse_args()
    engine = Engine.open(given.data_root)
    text = policy.page(engine) if given.policy else page(engine, knowledge_root())
    if given.write:
        given.write.write_text(text, encoding="utf-8", newline="\n")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
