"""Threads that come with their jobs and go with them."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest

from kfp_jupyter.job_pool import JobPool, JobQueue

SOON = 5.0
NAME = "kfp-jupyter-of-this-test"


def threads() -> int:
    return sum(thread.name == NAME for thread in threading.enumerate())


def assert_set(event: threading.Event) -> None:
    assert event.wait(SOON)


def assert_no_thread_left() -> None:
    end = time.monotonic() + SOON
    while threads() and time.monotonic() < end:
        time.sleep(0.005)
    assert threads() == 0


def test_no_more_jobs_run_at_once_than_there_are_threads() -> None:
    pool, go_on, done = JobPool(2, "of-this-test"), threading.Event(), threading.Semaphore(0)
    at_work, most = [0], [0]
    lock = threading.Lock()

    def job() -> None:
        with lock:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        go_on.wait(SOON)
        with lock:
            at_work[0] -= 1
        done.release()

    for _ in range(5):
        pool.put(job)
    assert threads() == 2
    go_on.set()
    assert all(done.acquire(timeout=SOON) for _ in range(5))
    assert most == [2]
    assert_no_thread_left()


def test_a_job_that_fails_keeps_no_other_from_running(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: told.append(str(args.exc_value)))
    pool, done = JobPool(1, "of-this-test"), threading.Event()

    def fails() -> None:
        raise LookupError("gone")

    pool.put(fails)
    pool.put(done.set)
    assert done.wait(SOON)
    assert told == ["gone"]


def test_jobs_of_a_queue_run_in_order_and_those_of_another_in_between() -> None:
    pool, done = JobPool(1, "of-this-test"), threading.Semaphore(0)
    left, right = JobQueue(pool), JobQueue(pool)
    ran: list[str] = []
    first = threading.Event()

    def job(word: str) -> None:
        ran.append(word)
        done.release()

    # The thread has nothing else to do until all are put.
    pool.put(lambda: assert_set(first))
    for number in range(3):
        left.put(partial(job, f"left {number}"))
        right.put(partial(job, f"right {number}"))
    first.set()
    assert all(done.acquire(timeout=SOON) for _ in range(6))
    assert [word for word in ran if "left" in word] == ["left 0", "left 1", "left 2"]
    assert [word for word in ran if "right" in word] == ["right 0", "right 1", "right 2"]
    assert ran[:2] != ["left 0", "left 1"]
    assert_no_thread_left()
