"""States with reasons: none of them waits, the last comes once, and whatever ends the watch ends them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo.diagnosis.annotated_watch import with_reasons
from kfp_jupyter.errors import RunNotFoundError
from kfp_jupyter.pacing import LAST_REASON_SECONDS
from kfp_jupyter.runs import RunState
from tests.engines.argo.diagnosis.test_diagnoser import MOUNT, FakeAsking, first, state

NEVER = CancelToken()
WAITS, RUNS = state("PodInitializing"), state("", phase="Running")
KILLED = state("main: OOMKilled (exit code 137)", phase="Failed", run="Failed")


class Hanging(FakeAsking):
    """A cluster that answers when a test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()

    def workflow(self, run: str) -> Any:
        self.free.wait(30)
        return super().workflow(run)


def watch(*states: RunState, then: Callable[[CancelToken], None] = lambda _: None) -> Callable[..., Any]:
    def made(stop: CancelToken) -> Iterator[RunState]:
        yield from states
        then(stop)

    return made


def wait(stop: CancelToken) -> None:
    while not stop.wait(0.02):
        pass


def test_a_state_comes_at_once_and_again_when_its_reason_is_known() -> None:
    found = with_reasons(watch(WAITS, then=wait), FakeAsking(MOUNT), "run", NEVER)
    assert next(found) == WAITS
    assert first(next(found)).reason.startswith("The step needs the secret 's'")
    found.close()


def test_no_state_waits_for_a_cluster_that_hangs() -> None:
    asking = Hanging()
    go_on = threading.Event()

    def made(stop: CancelToken) -> Iterator[RunState]:
        yield WAITS
        go_on.wait(30)
        yield RUNS
        wait(stop)

    found = with_reasons(made, asking, "run", NEVER)
    assert next(found) == WAITS
    threading.Timer(2.5, go_on.set).start()  # in the middle of the look
    assert next(found) == RUNS
    asking.free.set()
    found.close()


def test_the_last_state_comes_once_and_with_its_reasons() -> None:
    found = list(with_reasons(watch(KILLED), FakeAsking(), "run", NEVER))
    assert len(found) == 1
    assert "limit of 1Gi" in first(found[0]).reason


def test_the_last_state_waits_for_its_reasons_only_so_long() -> None:
    asking = Hanging()
    began = time.monotonic()
    (last,) = with_reasons(watch(KILLED), asking, "run", NEVER)
    assert time.monotonic() - began >= LAST_REASON_SECONDS
    assert "ran out of memory" in first(last).reason
    asking.free.set()


def test_a_run_that_went_well_asks_nothing() -> None:
    asking = FakeAsking()
    well = state("", phase="Succeeded", run="Succeeded")
    assert list(with_reasons(watch(RUNS, well), asking, "run", NEVER))[-1] == well
    assert not asking.asked


def test_what_ends_the_watch_is_told_after_the_state_before_it() -> None:
    def deleted(_: CancelToken) -> None:
        raise RunNotFoundError("It was deleted.")

    found = with_reasons(watch(RUNS, then=deleted), FakeAsking(), "run", NEVER)
    assert next(found) == RUNS
    with pytest.raises(RunNotFoundError):
        next(found)


def test_it_ends_when_told() -> None:
    stop = CancelToken()
    found = with_reasons(watch(RUNS, then=wait), FakeAsking(), "run", stop)
    assert next(found) == RUNS
    stop.set()
    assert list(found) == []


def test_who_looks_away_ends_the_watch() -> None:
    over = threading.Event()

    def waits(stop: CancelToken) -> None:
        wait(stop)
        over.set()

    found = with_reasons(watch(RUNS, then=waits), FakeAsking(), "run", NEVER)
    next(found)
    found.close()
    assert over.wait(30)
