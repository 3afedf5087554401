"""Numbers and tables as the validation page writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def digits(value: float) -> str:
    """Return a number with three significant digits.

    >>> digits(0.123456), digits(1234.5), digits(float("-inf"))
    ('0.123', '1,230', '-inf')
    """
    return f"{float(f'{value:.3g}'):,g}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"
