"""Text as people read it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.printable import one_line
from kfp_jupyter.widget.text import duration, escape, plain_line, shorten


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (12.4, "12 s"),
        (59.7, "1 min 00 s"),
        (61, "1 min 01 s"),
        (3725, "1 h 02 min"),
    ],
)
def test_a_duration_is_told_in_the_unit_that_suits_it(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


@given(st.text())
def test_escaped_text_is_valid_xml_in_content_and_attributes(text: str) -> None:
    ET.fromstring(f'<x a="{escape(text)}">{escape(text)}</x>')


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("\x1b[1;32mgreen\x1b[0m", "green"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("10 %\r50 %\r100 %", "100 %"),
        ("dos line\r", "dos line"),
    ],
)
def test_a_line_is_shown_as_the_terminal_leaves_it(line: str, shown: str) -> None:
    assert plain_line(line) == shown


def test_a_long_value_says_how_long_it_is() -> None:
    assert shorten("x" * 10_000_000, 3) == "xxx… (10,000,000 characters in all)"


@given(st.text(), st.integers(1, 50))
def test_one_line_is_never_longer_than_asked(text: str, limit: int) -> None:
    assert len(one_line(text, limit)) <= limit
    assert "\n" not in one_line(text, limit)
