"""Words for true and false, the same in magics, forms, options and arguments of steps.

They are those of Python's ``distutils.util.strtobool``, by which KFP v1's function components read them.
"""

from __future__ import annotations

TRUE, FALSE = frozenset({"y", "yes", "t", "true", "on", "1"}), frozenset({"n", "no", "f", "false", "off", "0"})


def truth_of(text: str) -> bool | None:
    """Return the truth value of a word, in capital or small letters; None for any other word."""
    word = text.lower()
    return word in TRUE if word in TRUE | FALSE else None
