"""Numbers formatted for display."""

from __future__ import annotations

from decimal import Decimal

_LONGEST = 10**15
"""From here on a float no longer has all digits of a whole number, and groups of three no longer help."""


def readable(number: float | Decimal, digits: int = 6) -> str:
    """Return a number with its whole part in full, in groups of three.

    Args:
        number: The number; one that isn't finite is ``nan``, ``inf`` or ``-inf``.
        digits: How many significant digits a fraction has at most.
    """
    if not -_LONGEST < number < _LONGEST:
        return f"{number:.{digits}g}"
    if number == int(number) or abs(float(number)) > 10**digits - 1:
        return f"{round(number):,}"
    return f"{number:,.{digits}g}"
