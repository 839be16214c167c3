"""A few threads for many short jobs that wait for somebody's answer: they come with the jobs and go with them."""

from __future__ import annotations

import collections
import sys
import threading
from collections.abc import Callable

from kfp_jupyter.streams import start_thread

Job = Callable[[], None]


class JobPool:
    """Runs jobs in daemon threads, so many at once at most.

    Unlike ``concurrent.futures.ThreadPoolExecutor`` it has no threads while there is nothing to do, and a job that
    hangs doesn't keep the process from ending.

    Args:
        size: How many threads there are at most.
        name: What they are called in lists of threads, behind ``kfp-jupyter-``.
    """

    def __init__(self, size: int, name: str) -> None:
        self._size, self._name = size, name
        self._lock = threading.Lock()
        self._jobs: collections.deque[Job] = collections.deque()
        self._threads = 0

    def put(self, job: Job) -> None:
        """Run a job as soon as a thread is free.

        Args:
            job: The job. What it raises goes to `threading.excepthook`, and ends nothing else.
        """
        with self._lock:
            self._jobs.append(job)
            if self._threads == self._size:
                return
            self._threads += 1
        start_thread(self._work, self._name)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._threads -= 1
                    return
                job = self._jobs.popleft()
            try:
                job()
            except Exception:  # noqa: BLE001  the thread has other jobs to do
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))


class JobQueue:
    """Jobs that run one after the other, in the order that they were put, in a pool that others use too.

    Args:
        pool: The pool.
    """

    def __init__(self, pool: JobPool) -> None:
        self._pool = pool
        self._lock = threading.Lock()
        self._jobs: collections.deque[Job] = collections.deque()
        self._running = False

    def put(self, job: Job) -> None:
        """Run a job after those put before.

        Args:
            job: The job.
        """
        with self._lock:
            self._jobs.append(job)
            if self._running:
                return
            self._running = True
        self._pool.put(self._next)

    def _next(self) -> None:
        # One at a time: the jobs of other queues have their turns in between.
        with self._lock:
            job = self._jobs.popleft()
        try:
            job()
        finally:
            with self._lock:
                self._running = bool(self._jobs)
                more = self._running
            if more:
                self._pool.put(self._next)
