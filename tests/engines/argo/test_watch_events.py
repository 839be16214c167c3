"""Lines of a watch, and what they tell."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kfp_jupyter.engines.argo.watch.events import MalformedWatchEventError, WatchBatch, parse_watch_lines


def made(number: int) -> dict[str, Any]:
    return {"metadata": {"resourceVersion": str(number)}}


def event(kind: str, found: dict[str, Any]) -> bytes:
    return json.dumps({"type": kind, "object": found}, separators=(",", ":")).encode()


def error(**fields: Any) -> bytes:
    return event("ERROR", {"metadata": {}, **fields})


def test_of_events_that_come_together_the_newest_counts() -> None:
    assert parse_watch_lines([event("ADDED", made(1)), event("MODIFIED", made(2)), b""]) == WatchBatch(made(2))


def test_a_bookmark_is_no_change_but_tells_from_where_to_go_on() -> None:
    assert parse_watch_lines([event("BOOKMARK", made(7))]) == WatchBatch(version="7")


def test_after_a_change_it_isnt_known_from_where_to_go_on() -> None:
    assert parse_watch_lines([event("BOOKMARK", made(7)), event("MODIFIED", made(8))]) == WatchBatch(made(8))


def test_a_deletion_ends_it_with_the_last_version() -> None:
    assert parse_watch_lines([event("MODIFIED", made(1)), event("DELETED", made(2))]) == WatchBatch(
        made(2), deleted=True
    )


def test_a_forgotten_version_is_told_after_what_came_before() -> None:
    news = parse_watch_lines([event("MODIFIED", made(1)), error(code=410, message="too old resource version")])
    assert news.newest == made(1)
    assert news.problem
    assert news.problem.status == 410


def test_an_error_says_how_long_to_wait() -> None:
    problem = parse_watch_lines([error(code=429, details={"retryAfterSeconds": 3})]).problem
    assert problem
    assert problem.retry_after == 3


def test_events_may_be_written_with_blanks() -> None:
    assert parse_watch_lines([b'{ "type": "MODIFIED", "object": {"metadata": {}}}']) == WatchBatch({"metadata": {}})


def test_blank_lines_tell_nothing() -> None:
    assert parse_watch_lines([b"", b" \r"]) == WatchBatch()


@pytest.mark.parametrize(
    "line",
    [b"<html>", b"[]", b"null", b'{"type":"MODIFIED"}', b'{"type":"MODIFIED","object":[]}', b'{"type":"MODIF', b"{}"],
)
def test_what_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises(MalformedWatchEventError):
        parse_watch_lines([line])
