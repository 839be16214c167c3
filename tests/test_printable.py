"""What does something instead of showing is replaced; what a language needs stays."""

from __future__ import annotations

import pytest

from kfp_jupyter.printable import one_line, printable, tidy


@pytest.mark.parametrize(
    "hidden",
    ["\u2060", "\ufeff", "\u2063", "\u206a", "\u3164", "\u180e", "\u2028", "\ufff9", "\U000e0001", "\U000e0061"],
)
def test_what_nobody_sees_is_replaced(hidden: str) -> None:
    assert printable(f"tra{hidden}in") == "tra\N{REPLACEMENT CHARACTER}in"


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad"])
def test_a_name_that_may_be_divided_looks_different_from_one_that_may_not(hidden: str) -> None:
    assert one_line(f"tra{hidden}in", 80) == "tra\N{REPLACEMENT CHARACTER}in"


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a non-joiner
        "\U0001f468\u200d\U0001f4bb",  # a person at a computer, joined
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "\u1780\u200b\u1781",  # Khmer, which divides words so
        "soft\u00adhyphen\r\n\tand\xa0space",
    ],
)
def test_what_writing_needs_stays(text: str) -> None:
    assert printable(text) == text


def test_what_others_say_fits_into_a_sentence() -> None:
    assert tidy("  no space\n left on\tdevice. ; \n") == "no space left on device"
    assert tidy("x" * 400) == "x" * 299 + "…"
    assert (tidy(OSError("no such file.")), tidy(OSError()), tidy("")) == ("no such file", "OSError", "")
