"""Numbers as people read them."""

from __future__ import annotations

import math

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_NO_BREAK = "\xa0"
_LEAST, _MOST = 1e-4, 1e7  # outside, a power of ten is written out


def shown(value: float | None, digits: int = 4) -> str:
    """Return a number with so many significant digits; a dash where there is none.

    Examples
    --------
    >>> shown(1234.567), shown(0.00123456, 3), shown(2.5e-9), shown(0.0), shown(None)
    ('1,235', '0.00123', '2.5·10⁻⁹', '0', '–')
    """
    if value is None:
        return "–"
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    rounded = float(f"{value:.{digits}g}")
    if _LEAST <= abs(rounded) < _MOST:
        decimals = max(digits - 1 - math.floor(math.log10(abs(rounded))), 0)
        text = f"{rounded:,.{decimals}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, power = f"{rounded:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}·10{str(int(power)).translate(_SUPERSCRIPT)}"


def percent(share: float | None) -> str:
    r"""Return a share in percent.

    Examples
    --------
    >>> percent(0.1234), percent(0.0004), percent(-0.5), percent(None)
    ('12\xa0%', '<\xa00.1\xa0%', '-50\xa0%', '–')
    """
    if share is None:
        return "–"
    if 0 < abs(share) < 0.001:
        return f"<{_NO_BREAK}0.1{_NO_BREAK}%"
    return f"{100 * share:.{0 if abs(share) >= 0.0995 or share == 0 else 1}f}{_NO_BREAK}%"
