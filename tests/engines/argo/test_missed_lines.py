"""Logs of which the node has begun new files, so that only their end can be read: as the cluster has kept them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.artifacts.s3 import StoreUnreadableError
from kfp_jupyter.engines.argo.logs import pod_log
from kfp_jupyter.engines.argo.logs.delivered_bytes import HandedOut
from kfp_jupyter.engines.argo.logs.pod_log import AttemptLog
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.base import LogChunk
from tests.engines.argo.test_logs import noticed, said

BEGIN = '2026-01-01T00:00:00Z time="t" level=info msg="capturing logs" argo=true\n'
END = '2026-01-01T00:00:59Z time="t" level=info msg="sub-process exited" argo=true error="<nil>"\n'
KEPT = "".join(f"line {n}\n" for n in range(1, 10))
MISSED = pod_log._MISSED


def lines(first: int, last: int) -> str:
    """Some lines as a node has them."""
    return "".join(f"2026-01-01T00:00:{n:02}Z line {n}\n" for n in range(first, last + 1))


class Node:
    """A node of the cluster that answers each request for a log with the next of some files, or the last one.

    Args:
        files: What is in the file at each request; at the last one its containers have ended.
        has_kept: Whether the cluster keeps logs.
    """

    def __init__(self, *files: str, has_kept: bool = True) -> None:
        self._files = list(files)
        self.exit_code = 0
        self._outputs = {"artifacts": [{"name": "main-logs"}]} if has_kept else {}

    def pod(self, name: str) -> dict[str, Any]:
        """The pod."""
        state: dict[str, Any] = (
            {"terminated": {"exitCode": self.exit_code}} if len(self._files) == 1 else {"running": {}}
        )
        statuses = [{"name": name, "state": state} for name in ("main", "helper")]
        spec = {"containers": [{"name": "main"}, {"name": "helper"}]}
        return {"metadata": {"uid": name}, "spec": spec, "status": {"containerStatuses": statuses}}

    def workflow(self, name: str) -> dict[str, Any]:
        """The run, when it is over."""
        node = {"id": "n", "type": "Pod", "phase": "Succeeded", "startedAt": "t", "outputs": self._outputs}
        return {"metadata": {"name": name}, "status": {"nodes": {"n": node}}}

    @contextlib.contextmanager
    def pod_log(self, *_: str, **__: object) -> Iterator[Node]:
        """The log."""
        yield self

    def stream(self, *_: int, **__: bool) -> Iterator[bytes]:
        """The bytes of it."""
        file = self._files.pop(0) if len(self._files) > 1 else self._files[0]
        yield from file.encode().splitlines(keepends=True)


def read(node: Node, kept: str | Exception = KEPT, *, container: str = "main", follow: bool = True) -> list[LogChunk]:
    """Read the log of a step that was running when it was asked for."""

    def archive(*_: str) -> bytes:
        if isinstance(kept, Exception):
            raise kept
        return kept.encode()

    before = {"id": "n", "type": "Pod", "phase": "Running", "startedAt": "t"}
    own = container == "main"
    log = AttemptLog(cast(Objects, node), {"metadata": {"name": "r"}}, before, "p", container, own=own, archive=archive)
    return list(log.read(follow, CancelToken()))


def shown(chunks: list[LogChunk]) -> list[str]:
    """The lines as a person sees them; lines of the engine with an arrow before them."""
    return "".join(f"→ {chunk.text}" if chunk.notice else chunk.text for chunk in chunks).splitlines()


NOBODY = AssertionError("The kept log isn't asked for.")


def test_a_whole_log_isnt_asked_for_twice() -> None:
    assert said(read(Node(BEGIN + lines(1, 5), lines(5, 9) + END), NOBODY)) == KEPT


@pytest.mark.parametrize("last", ["", END, BEGIN])
def test_nothing_is_missing_behind_the_launchers_last_line(last: str) -> None:
    chunks = read(Node(BEGIN + lines(1, 9) + END, last.replace(":59Z", ":60Z")), NOBODY)
    assert (said(chunks), noticed(chunks)) == (KEPT, [])


@pytest.mark.parametrize("last", ["", END, lines(7, 9) + END])
def test_an_end_that_isnt_on_the_node_is_read_from_the_store(last: str) -> None:
    chunks = read(Node(BEGIN + lines(1, 5), last))
    assert (said(chunks), noticed(chunks)) == (KEPT, [])


@pytest.mark.parametrize("last", ["", END, lines(7, 9) + END])
def test_a_finished_log_that_isnt_whole_on_the_node_is_read_from_the_store(last: str) -> None:
    chunks = read(Node(last), follow=False)
    assert (said(chunks), noticed(chunks)) == (KEPT, [])


def test_lines_from_the_midst_are_told_when_they_are_missed_and_come_at_the_end() -> None:
    chunks = read(Node(BEGIN + lines(1, 3), lines(6, 7), lines(7, 9) + END))
    assert shown(chunks) == [
        *("line 1", "line 2", "line 3"),
        f"→ {MISSED}",
        *("line 6", "line 7", "line 8", "line 9"),
        "→ Of the lines 4 to 5 of this log some are missing above. As they were kept:",
        *("line 4", "line 5"),
    ]


def test_a_beginning_that_was_gone_when_it_was_asked_for_comes_at_the_end() -> None:
    chunks = read(Node(lines(6, 7), lines(7, 9) + END))
    assert shown(chunks) == [
        *("line 6", "line 7", "line 8", "line 9"),
        "→ Of the lines 1 to 5 of this log some are missing above. As they were kept:",
        *("line 1", "line 2", "line 3", "line 4", "line 5"),
    ]


def test_where_nothing_is_kept_it_is_said_where_lines_may_be_missing() -> None:
    chunks = read(Node(BEGIN + lines(1, 3), lines(6, 7), lines(9, 9) + END, has_kept=False))
    assert shown(chunks) == [
        *("line 1", "line 2", "line 3"),
        f"→ {MISSED}",
        *("line 6", "line 7"),
        f"→ {MISSED}",
        "line 9",
    ]


@pytest.mark.parametrize("follow", [True, False])
def test_a_log_without_a_word_of_the_launchers_is_taken_as_it_is_where_nothing_is_kept(follow: bool) -> None:
    # The launcher says that it captures a log only where it does.
    chunks = read(Node(lines(1, 9) + END, has_kept=False), NOBODY, follow=follow)
    assert (said(chunks), noticed(chunks)) == (KEPT, [])


AWAY = StoreUnreadableError("The store is away.")


@pytest.mark.parametrize("file", [lines(1, 1) + BEGIN + lines(2, 9) + END, lines(1, 9) + BEGIN + END])
def test_a_log_whose_first_lines_are_before_the_launchers_misses_nothing(file: str) -> None:
    # The node reads what launcher and program write in two streams.
    for chunks in (read(Node(file), AWAY, follow=False), read(Node(file), AWAY), read(Node(lines(1, 1), file), AWAY)):
        assert (said(chunks), noticed(chunks)) == (KEPT, [])


def test_where_the_store_doesnt_answer_the_end_is_shown_and_why_it_isnt_all() -> None:
    gone = StoreUnreadableError("The store doesn't answer.", remedy="Ask again.")
    end = lines(9, 9) + END
    at_the_end = [f"→ {MISSED} The store doesn't answer. Ask again.", "line 9"]
    assert shown(read(Node(BEGIN + lines(1, 1), end), gone)) == ["line 1", *at_the_end]
    assert shown(read(Node(BEGIN + lines(1, 1), lines(3, 3), lines(3, 3) + END), gone)) == [
        "line 1",
        f"→ {MISSED}",
        "line 3",
        "→ The log is incomplete. The store doesn't answer. Ask again.",
    ]


def test_logs_of_other_containers_are_never_kept() -> None:
    chunks = read(Node(lines(1, 3), lines(6, 9)), NOBODY, container="helper")
    assert shown(chunks) == [
        *("line 1", "line 2", "line 3"),
        f"→ {MISSED}",
        *("line 6", "line 7", "line 8", "line 9"),
    ]


@given(st.lists(st.binary(min_size=1, max_size=5), max_size=30, unique=True), st.integers(0, 30), st.integers(0, 30))
def test_what_is_missing_is_found_to_the_piece(pieces: list[bytes], one: int, other: int) -> None:
    first, last = sorted((one, other))
    out = HandedOut()
    for piece in pieces[:first] + pieces[last:]:
        out.add(piece)
    whole = b"".join(pieces)
    start, end = out.missing_of(whole)
    missing = b"".join(pieces[first:last])
    assert out.size + len(missing) == len(whole)
    if missing:
        # What is left out is in it; more is only where the pieces could have been cut in another way too.
        handed_out = b"".join(pieces[:first] + pieces[last:])
        assert handed_out.startswith(whole[:start])
        assert handed_out.endswith(whole[end:])
        assert end - start >= len(missing)
    else:
        assert start == end


COMPLAINT = '2026-01-01T00:00:59Z time="t" level=error msg="cannot save parameter /x" argo=true error="open /x: none"\n'


@pytest.mark.parametrize(("code", "told"), [(3, []), (0, ["Argo reports: cannot save parameter /x: open /x: none\n"])])
@pytest.mark.parametrize("follow", [True, False])
def test_outputs_that_are_missing_because_the_program_failed_are_not_told(
    code: int, told: list[str], follow: bool
) -> None:
    node = Node(BEGIN + lines(1, 9) + END + COMPLAINT, has_kept=False)
    node.exit_code = code
    chunks = read(node, NOBODY, follow=follow)
    assert (said(chunks), noticed(chunks)) == (KEPT, told)


class Unprepared(Node):
    """One whose step never started, as a container before it has failed."""

    def pod(self, name: str) -> dict[str, Any]:
        """The pod."""
        statuses = [{"name": "prep", "state": {"terminated": {"exitCode": 9}}}]
        waiting = [{"name": "main", "state": {"waiting": {"reason": "PodInitializing"}}}]
        spec = {"containers": [{"name": "main"}], "initContainers": [{"name": "init"}, {"name": "prep"}]}
        status = {"phase": "Failed", "initContainerStatuses": statuses, "containerStatuses": waiting}
        return {"metadata": {"uid": name}, "spec": spec, "status": status}


@pytest.mark.parametrize("follow", [True, False])
def test_the_log_of_what_failed_before_a_step_stands_in_for_the_step_s(follow: bool) -> None:
    file = BEGIN + "2026-01-01T00:00:01Z init is failing\n" + END
    assert shown(read(Unprepared(file), NOBODY, follow=follow)) == [
        "→ The step's program did not start: its container 'prep' failed (exit code 9). Its log:",
        "init is failing",
    ]
