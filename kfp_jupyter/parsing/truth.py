"""Words for true and false, the same wherever a person writes one: in magics, forms, options, arguments of steps.

They are those of Python's ``distutils.util.strtobool``, by which KFP v1's function components read them.
"""

from __future__ import annotations

TRUE, FALSE = frozenset({"y", "yes", "t", "true", "on", "1"}), frozenset({"n", "no", "f", "false", "off", "0"})


def truth_of(text: str) -> bool | None:
    """Return the truth value that a text stands for, in capital letters or small ones; None for any other text."""
    word = text.lower()
    return word in TRUE if word in TRUE | FALSE else None
