"""Following a run through what a cluster may answer; `tests/faults` has what can be done to a real one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import connect
from kfp_jupyter.engines.argo.watch import watcher
from kfp_jupyter.engines.argo.watch.watcher import watch_run
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.kubernetes.connection import Timeouts
from kfp_jupyter.kubernetes.errors import ApiError
from kfp_jupyter.runs import RunState
from tests.engines.argo.fake_api import NAME, Answer, FakeApi, events, refuse, reply, workflow

NEVER = CancelToken()
GONE: dict[str, Any] = {"metadata": {}, "code": 410, "message": "too old resource version: 1 (9)"}
DONE = events(("MODIFIED", workflow(50, "Succeeded")))


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with FakeApi().serving() as serving:
        yield serving


@pytest.fixture
def objects(api: FakeApi, tmp_path: Path) -> Objects:
    return Objects(connect(kubeconfig=str(api.kubeconfig(tmp_path)), timeouts=Timeouts(2, 2, 10)))


def phases(states: list[RunState]) -> list[str]:
    return [state.phase.value for state in states]


def watched(objects: Objects) -> list[RunState]:
    return list(watch_run(objects, NAME, NEVER))


def test_a_run_is_followed_to_its_end(api: FakeApi, objects: Objects) -> None:
    api.watches.append(DONE)
    assert phases(watched(objects)) == ["Running", "Succeeded"]
    assert api.asked == [("list", ""), ("watch", "1")]


def test_what_looks_the_same_is_told_once(api: FakeApi, objects: Objects) -> None:
    api.watches.append(events(("MODIFIED", workflow(2)), ("MODIFIED", workflow(3)), hold=0.3))
    api.watches.append(DONE)
    assert phases(watched(objects)) == ["Running", "Succeeded"]


def test_a_watch_that_the_server_ends_goes_on_from_its_bookmark_without_a_list(api: FakeApi, objects: Objects) -> None:
    api.watches += [events(("BOOKMARK", workflow(20)), hold=1.2), DONE]
    watched(objects)
    assert api.asked == [("list", ""), ("watch", "1"), ("watch", "20")]


def test_after_a_change_without_a_bookmark_the_run_is_looked_at_anew(api: FakeApi, objects: Objects) -> None:
    api.watches += [events(("MODIFIED", workflow(20)), hold=1.2), DONE]
    watched(objects)
    assert api.asked == [("list", ""), ("watch", "1"), ("list", ""), ("watch", "1")]


@pytest.mark.parametrize(
    "gone", [refuse(410, "too old"), events(("ERROR", GONE))], ids=["as a status", "within the watch"]
)
def test_a_forgotten_version_is_looked_up_anew_at_once(api: FakeApi, objects: Objects, gone: Answer) -> None:
    api.watches.append(gone)
    api.watches.append(DONE)
    states = watched(objects)
    assert phases(states) == ["Running", "Succeeded"]
    assert all(state.trouble is None for state in states)
    assert api.asked == [("list", ""), ("watch", "1")] * 2


def test_an_end_that_came_with_a_forgotten_version_is_not_missed(api: FakeApi, objects: Objects) -> None:
    api.watches.append(events(("MODIFIED", workflow(2, "Failed")), ("ERROR", GONE)))
    assert phases(watched(objects)) == ["Running", "Failed"]


def test_a_server_that_asks_for_time_gets_it(api: FakeApi, objects: Objects) -> None:
    api.watches += [refuse(429, "too many requests", Retry_After="2"), DONE]
    began = time.monotonic()
    watched(objects)
    assert time.monotonic() - began >= 2


@pytest.mark.parametrize(
    "answer",
    [
        reply("<html>log in\nplease</html>"),
        reply("<html>log in"),
        reply('{"type":"MODIFIED","object":{"metadata":\n'),
        reply("[]\n"),
        refuse(500, "etcdserver: leader changed"),
        refuse(503, "not yet"),
        reply("bad gateway \N{LATIN SMALL LETTER A WITH DIAERESIS}", 502, Content_Type="text/html; charset=latin-1"),
    ],
)
def test_whatever_a_watch_is_answered_with_the_end_is_seen(api: FakeApi, objects: Objects, answer: Answer) -> None:
    api.watches += [answer, answer, DONE]
    assert phases(watched(objects)) == ["Running", "Succeeded"]


@pytest.mark.parametrize(
    "answer", [reply("<html>log in"), reply("[]"), reply({}), reply({"metadata": None}), refuse(500, "no")]
)
def test_whatever_a_list_is_answered_with_the_end_is_seen(api: FakeApi, objects: Objects, answer: Answer) -> None:
    api.watches.append(events(("MODIFIED", workflow(2))))
    api.lists += [reply({"metadata": {"resourceVersion": "1"}, "items": [workflow(1)]}), answer, answer]
    api.watches.append(DONE)
    assert phases(watched(objects)) == ["Running", "Succeeded"]


def test_watches_that_end_at_once_are_not_opened_without_a_break(api: FakeApi, objects: Objects) -> None:
    api.watches += [events()] * 100
    stop = CancelToken()
    threading.Timer(2.0, stop.set).start()
    list(watch_run(objects, NAME, stop))
    assert len(api.asked) <= 14


def test_trouble_that_lasts_is_told_with_the_last_state_and_ends_by_itself(
    api: FakeApi, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "OUTAGE_GRACE_SECONDS", 0.1)
    api.watches += [refuse(403, 'User "u" cannot watch resource "workflows"')] * 3
    api.watches.append(events(hold=0.5))
    states = []
    for state in watch_run(objects, NAME, NEVER):
        states.append(state)
        if state.trouble is None and len(states) > 1:
            break
    troubles = [state.trouble for state in states]
    assert troubles[0] is None
    assert troubles[-1] is None
    assert troubles[1]
    assert "The account 'u' may not watch workflows.argoproj.io" in troubles[1].text
    assert "kubectl create rolebinding" in troubles[1].text
    assert {state.phase.value for state in states} == {"Running"}


def test_the_end_of_a_run_comes_without_trouble(
    api: FakeApi, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "OUTAGE_GRACE_SECONDS", 0.0)
    api.watches += [refuse(500, "no")] * 2
    states = watch_run(objects, NAME, NEVER)
    next(states)
    assert next(states).trouble
    api.current = workflow(9, "Succeeded")
    last = list(states)[-1]
    assert (last.phase.value, last.trouble) == ("Succeeded", None)


def test_rights_that_were_taken_away_are_waited_for(api: FakeApi, objects: Objects) -> None:
    api.watches += [refuse(401, "Unauthorized"), refuse(401, "Unauthorized"), refuse(403, "forbidden"), DONE]
    assert phases(watched(objects)) == ["Running", "Succeeded"]


def test_at_the_first_look_a_refusal_is_told_at_once(api: FakeApi, objects: Objects) -> None:
    api.lists += [refuse(403, 'User "u" cannot list resource "workflows"')] * 2
    with pytest.raises(ApiError, match="may not list"):
        watched(objects)
    assert len(api.asked) == 1


def test_at_the_first_look_a_server_that_starts_is_waited_for(api: FakeApi, objects: Objects) -> None:
    api.lists += [refuse(503, "not yet")] * 2
    api.watches.append(DONE)
    assert phases(watched(objects)) == ["Running", "Succeeded"]


def test_at_the_first_look_a_server_that_stays_away_is_told(
    api: FakeApi, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watcher, "FIRST_STATE_SECONDS", 0.5)
    api.lists += [refuse(503, "not yet")] * 20
    with pytest.raises(EngineError, match="not yet"):
        watched(objects)


def test_a_run_that_is_deleted_is_told(api: FakeApi, objects: Objects) -> None:
    api.watches.append(events(("DELETED", workflow(2))))
    with pytest.raises(RunNotFoundError, match=r"was deleted .* before it ended"):
        watched(objects)


def test_a_run_that_is_deleted_at_its_end_has_ended(api: FakeApi, objects: Objects) -> None:
    api.watches.append(events(("DELETED", workflow(2, "Succeeded"))))
    assert phases(watched(objects)) == ["Running", "Succeeded"]


@pytest.mark.parametrize("current", [None, workflow(9, uid="u-2")], ids=["nothing there", "another in its place"])
def test_a_run_that_was_deleted_while_nobody_looked_is_told(
    api: FakeApi, objects: Objects, current: dict[str, Any] | None
) -> None:
    api.watches.append(refuse(500, "no"))
    states = watch_run(objects, NAME, NEVER)
    next(states)
    api.current = current
    with pytest.raises(RunNotFoundError, match="while it couldn't be followed"):
        list(states)


@pytest.mark.parametrize("hours", [-1, 1])
def test_durations_are_right_where_the_clusters_clock_is_an_hour_off(
    api: FakeApi, objects: Objects, hours: int
) -> None:
    api.ahead = hours * 3600
    began = datetime.now(timezone.utc) - timedelta(seconds=20)
    written = (began + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    run = workflow(1)
    step = {"id": "n", "name": f"{NAME}.step", "type": "Pod", "phase": "Running", "startedAt": written}
    run["status"] |= {"startedAt": written, "nodes": {"n": step}}
    api.current = run
    api.watches.append(DONE)
    state = watched(objects)[0]
    now = began + timedelta(seconds=20)
    assert abs(state.seconds(now) - 20) < 5
    assert abs((state.by_path()["step"].seconds(now) or 0.0) - 20) < 5


@pytest.fixture
def engine(api: FakeApi, tmp_path: Path) -> ArgoEngine:
    return ArgoEngine(kubeconfig=str(api.kubeconfig(tmp_path)), namespace="mine")


def saying(version: int) -> dict[str, Any]:
    """A version of the run that is known by its message."""
    run = workflow(version)
    run["status"]["message"] = f"version {version}"
    return run


def test_who_takes_states_slowly_gets_the_newest_one(api: FakeApi, engine: ArgoEngine) -> None:
    api.watches.append(events(*(("MODIFIED", saying(version)) for version in range(2, 100)), hold=0.5))
    stop = CancelToken()
    states = engine.watch(RunRef("argo", NAME), stop)
    assert next(states).message == ""
    api.current = saying(99)
    time.sleep(1.5)  # what a slow reader does in the meantime: the rest has come long before
    assert next(states).message == "version 99"
    stop.set()
    assert list(states) == []


def test_who_takes_states_slowly_gets_the_last_one_and_then_the_end(api: FakeApi, engine: ArgoEngine) -> None:
    api.watches.append(events(*(("MODIFIED", saying(version)) for version in range(2, 100)), hold=1.2))
    api.watches.append(DONE)
    states = engine.watch(RunRef("argo", NAME), NEVER)
    next(states)
    time.sleep(2.5)
    assert phases(list(states)) == ["Succeeded"]


def test_who_stops_following_ends_a_silent_watch_at_once(api: FakeApi, engine: ArgoEngine) -> None:
    stop = CancelToken()
    states = engine.watch(RunRef("argo", NAME), stop)
    next(states)
    while ("watch", "1") not in api.asked:
        time.sleep(0.01)
    began = time.monotonic()
    stop.set()
    assert list(states) == []
    assert time.monotonic() - began < 1.0
    while any(thread.name == "kfp-jupyter-argo-watch" for thread in threading.enumerate()):
        assert time.monotonic() - began < 5.0
        time.sleep(0.01)


def test_a_clock_that_agrees_moves_no_time(api: FakeApi, objects: Objects) -> None:
    api.watches.append(DONE)
    watched(objects)
    assert objects.clock.ahead == timedelta()
