"""Each line of a log once, however it is cut and however often it comes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.engines.argo.log_lines import LogLines
from kfp_jupyter.engines.base import LogChunk

WORDS = ["ä", "bb", "ccc", "bb", "bb", "€", "f"]
LOG = "".join(f"2026-01-01T00:00:0{n // 3}.5Z {word}\n" for n, word in enumerate(WORDS)).encode()
TEXT = "".join(f"{word}\n" for word in WORDS)


def said(chunks: list[LogChunk]) -> str:
    return "".join(chunk.text for chunk in chunks if not chunk.notice)


def first(pair: tuple[int, str]) -> int:
    return pair[0]


def again(data: bytes, since: str) -> bytes:
    """What a cluster sends that is asked from a time on: it looks at whole seconds only."""
    second = since.partition(".")[0].encode()
    return b"".join(line for line in data.splitlines(keepends=True) if line[: len(second)] >= second)


@given(st.lists(st.integers(0, len(LOG)), max_size=6).map(sorted))
def test_text_is_the_same_however_the_bytes_are_cut(cuts: list[int]) -> None:
    lines = LogLines()
    edges = [0, *cuts, len(LOG)]
    text = "".join(said(lines.feed(LOG[a:b])) for a, b in itertools.pairwise(edges))
    assert text + said(lines.close()) == TEXT


@given(st.lists(st.integers(0, len(LOG)), max_size=4))
def test_nothing_is_lost_or_repeated_when_it_breaks_off(breaks: list[int]) -> None:
    lines = LogLines()
    text = ""
    for at in breaks:
        lines.reopen()
        text += said(lines.feed(again(LOG, lines.since)[:at]))
    lines.reopen()
    text += said(lines.feed(again(LOG, lines.since)) + lines.close())
    assert text == TEXT
    assert lines.out.size == len(TEXT.encode())


SECONDS = st.integers(0, 3)
CONTENTS = st.text("aä€😀", max_size=60)


@given(
    st.lists(st.tuples(SECONDS, CONTENTS), max_size=12),
    st.lists(st.integers(0, 600), max_size=4),
    st.integers(1, 100),
)
def test_long_lines_and_equal_times_come_once_too(lines: list[tuple[int, str]], breaks: list[int], block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kfp_jupyter.engines.argo.log_lines._LONG", 64)
        patch.setattr("kfp_jupyter.engines.argo.log_lines._TAIL", 8)
        log = "".join(f"2026-01-01T00:00:0{second}.5Z {text}\n" for second, text in sorted(lines, key=first)).encode()
        read, text = LogLines(), ""
        for end in (*breaks, None):
            read.reopen()
            data = again(log, read.since)[:end]
            for at in range(0, len(data), block):
                text += said(read.feed(data[at : at + block]))
        text += said(read.close())
    assert text == "".join(f"{content}\n" for _, content in sorted(lines, key=first))


def test_a_line_of_many_megabytes_costs_no_more_than_its_bytes() -> None:
    lines = LogLines()
    text = said(lines.feed(b"2026-01-01T00:00:00Z "))
    for _ in range(500):
        text += said(lines.feed(b"x" * 65536))
    text += said(lines.feed(b"\n"))
    assert len(text) == 500 * 65536 + 1


def test_a_clock_that_is_set_back_hides_nothing() -> None:
    lines = LogLines()
    text = said(lines.feed(b"2026-01-01T00:00:09Z a\n2026-01-01T00:00:01Z b\n2026-01-01T00:00:02Z c\n"))
    assert text == "a\nb\nc\n"


def test_what_looks_like_the_launcher_is_text_of_other_containers() -> None:
    lines = LogLines(launched=False)
    assert said(lines.feed(LAUNCHED)).count("argo=true") == 3


def test_a_last_line_without_an_end_is_given_at_the_end() -> None:
    lines = LogLines()
    assert lines.feed(b"2026-01-01T00:00:00Z ab") == []
    assert said(lines.close()) == "ab"


def test_a_long_line_without_an_end_is_given_in_pieces_and_once() -> None:
    line = b"2026-01-01T00:00:00Z " + b"x" * 200_000
    lines = LogLines()
    text = said(lines.feed(line[:100_000]))
    assert text
    lines.reopen()
    text += said(lines.feed(line + b"\n") + lines.close())
    assert text == "x" * 200_000 + "\n"


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    lines = LogLines()
    assert said(lines.feed(b"2026-01-01T00:00:00Z a\xffb\n")) == "a\ufffdb\n"


LAUNCHED = b"""1 time="t" level=info msg="capturing logs" argo=true
2 hello
3 bye time="t" level=info msg="sub-process exited" argo=true error="<nil>"
4 time="t" level=error msg="cannot save parameter /x" argo=true error="open /x: no such file"
5 Error: exit status 1
"""


def test_what_the_launcher_writes_is_no_part_of_it() -> None:
    lines = LogLines()
    assert said(lines.feed(LAUNCHED)) == "hello\nbye "
    assert lines.out.size == len("hello\nbye ")


def test_what_the_launcher_complains_of_is_told_once() -> None:
    lines = LogLines()
    chunks = lines.feed(LAUNCHED)
    lines.reopen()
    chunks += lines.feed(LAUNCHED)
    assert [c.text for c in chunks if c.notice] == ["Argo says: cannot save parameter /x: open /x: no such file\n"]
