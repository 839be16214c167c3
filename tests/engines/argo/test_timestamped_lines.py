"""Each line of a log once, however it is cut and however often it comes."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.engines.argo.logs.timestamped_lines import LogLines
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
        patch.setattr("kfp_jupyter.engines.argo.logs.timestamped_lines._LONG", 64)
        patch.setattr("kfp_jupyter.engines.argo.logs.timestamped_lines._TAIL", 8)
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


# What the launchers of Argo 3.7.4 and 4.0.2 wrote about one program, with --log-format text and json each.
OPEN = r'"open /tmp/none \"x\": no such file or directory"'
LAUNCHERS = {
    "3.7 text": """\
time="2026-11-23T01:03:23Z" level=info msg="capturing logs" argo=true
hello
no endtime="2026-11-23T01:03:24Z" level=info msg="sub-process exited" argo=true error="<nil>"
time="2026-11-23T01:03:24Z" level=error msg="cannot save parameter /none" argo=true error=OPEN
Error: exit status 3
""",
    "3.7 json": """\
{"argo":true,"level":"info","msg":"capturing logs","time":"2026-11-23T01:03:24Z"}
hello
no end{"argo":true,"error":null,"level":"info","msg":"sub-process exited","time":"2026-11-23T01:03:25Z"}
{"argo":true,"error":OPEN,"level":"error","msg":"cannot save parameter /none","time":"2026-11-23T01:03:25Z"}
Error: exit status 3
""",
    "4.0 text": """\
time=2026-11-23T01:09:36Z level=INFO msg="capturing logs" argo=true
time=2026-11-23T01:09:36Z level=INFO msg="waiting for signals" argo=true signalPath=/var/run/argo/ctr/main/signal
hello
no endtime=2026-11-23T01:09:37Z level=INFO msg="sub-process exited" argo=true error="exit status 3"
time=2026-11-23T01:09:37Z level=ERROR msg="cannot save parameter, does not exist" src=/none argo=true error=OPEN
Error: exit status 3
""",
    "4.0 json": """\
{"time":"2026-11-23T01:09:37Z","level":"INFO","msg":"capturing logs","argo":true}
hello
no end{"time":"2026-11-23T01:09:38Z","level":"INFO","msg":"sub-process exited","argo":true,"error":"exit status 3"}
{"time":"2026-11-23T01:09:38Z","level":"ERROR","msg":"cannot save parameter, does not exist","argo":true,"error":OPEN}
Error: exit status 3
""",
}
LAUNCHED = b"""1 time="t" level=info msg="capturing logs" argo=true
2 hello
3 bye time="t" level=info msg="sub-process exited" argo=true error="<nil>"
4 time="t" level=error msg="cannot save parameter /x" argo=true error="open /x: no such file"
5 Error: exit status 1
"""


@pytest.mark.parametrize("version", LAUNCHERS)
def test_what_each_launcher_writes_is_known(version: str) -> None:
    written = LAUNCHERS[version].replace("OPEN", OPEN).splitlines(keepends=True)
    log = "".join(f"{time} {line}" for time, line in enumerate(written)).encode()
    lines = LogLines()
    assert lines.continued_by(log)
    chunks = lines.feed(log)
    assert said(chunks) == "hello\nno end"
    assert (lines.begun, lines.exited) == (True, True)
    (notice,) = (chunk.text for chunk in chunks if chunk.notice)
    assert re.fullmatch(
        r'Argo reports: cannot save parameter( /none|, does not exist): open /tmp/none "x": .*\n', notice
    )


def test_the_programs_words_stand_where_the_node_has_them() -> None:
    # The node reads two streams: what the program wrote last may come behind what the launcher says afterwards.
    log = b"""2 first
1 time="t" level=info msg="capturing logs" argo=true
4 time="t" level=info msg="sub-process exited" argo=true error="<nil>"
3 last
4 Error: exit status 3
3 very last
"""
    lines = LogLines()
    assert lines.continued_by(log)
    assert said(lines.feed(log)) == "first\nlast\nvery last\n"
    assert not LogLines().continued_by(b"2 first\n3 last\n")


def test_what_the_launcher_says_of_outputs_that_it_cannot_keep_is_no_part_of_it() -> None:
    log = """1 time="t" level=info msg="sub-process exited" argo=true error="<nil>"
2 time="t" level=info msg="/tmp/f -> /var/run/argo/outputs/artifacts/tmp/f.tgz" argo=true
3 time="t" level=info msg="Taring /tmp/f"
4 Error: failed to tarball the output /tmp/f: it is not a regular file or directory
5 failed to tarball the output /tmp/f: it is not a regular file or directory
"""
    assert LogLines().feed(log.encode()) == []


@pytest.mark.parametrize(
    "line",
    [
        'time="t" level=info msg="mine"',
        '{"level":"info","msg":"mine"}',
        '{"argo":true,"level":"info","msg":"broken',
        '{"argo":true, "msg":"mine"',
        "Error: exit status 3",
        "a program that says argo=true",
    ],
)
def test_a_program_may_log_as_the_launcher_does(line: str) -> None:
    assert said(LogLines().feed(f"1 {line}\n".encode())) == f"{line}\n"


def test_what_the_launcher_writes_is_no_part_of_it() -> None:
    lines = LogLines()
    assert said(lines.feed(LAUNCHED)) == "hello\nbye "
    assert lines.out.size == len("hello\nbye ")


def test_what_the_launcher_complains_of_is_told_once() -> None:
    lines = LogLines()
    chunks = lines.feed(LAUNCHED)
    lines.reopen()
    chunks += lines.feed(LAUNCHED)
    assert [c.text for c in chunks if c.notice] == ["Argo reports: cannot save parameter /x: open /x: no such file\n"]
