"""What some engines can do beyond `Engine`; who asks looks with ``isinstance``."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from kfp_jupyter.engines.base import RunList, RunRef, RunSummary, Workflow


class Verdict(str, enum.Enum):
    """How a thing that was looked at is."""

    GOOD = "good"
    POOR = "poor"  # runs work, something about them won't
    BAD = "bad"  # runs don't work


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: What it is, in two or three words.
        verdict: How it is.
        text: What was seen.
        remedy: What to do about it; empty where nothing needs doing.
    """

    subject: str
    verdict: Verdict
    text: str
    remedy: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Schedule:
    """Runs that start by themselves at set times.

    Attributes:
        name: What the engine calls it.
        cron: When, in cron's five fields.
        timezone: Whose clock; empty for the engine's own.
        pipeline: Name of the pipeline.
        suspended: Whether it starts no runs for now.
        last_run_at: When it last started a run, UTC; None before.
        active: Its runs that aren't over.
        problem: Why it starts no runs, in the engine's words; empty where all is well.
    """

    name: str
    cron: str
    timezone: str
    pipeline: str
    suspended: bool
    last_run_at: datetime | None = None
    active: tuple[RunRef, ...] = ()
    problem: str = ""


@runtime_checkable
class Examines(Protocol):
    """Can tell what it reaches and what is missing."""

    def examine(self) -> Iterator[Finding]:
        """Yield one finding after the other, never an error."""


@runtime_checkable
class Summarises(Protocol):
    """Can tell in a few words how a run stands, at so little cost that it may be asked every few seconds."""

    def summary(self, run: RunRef) -> RunSummary:
        """Return what a list of runs tells of one.

        Raises:
            RunNotFoundError: There is no such run any more.
        """


@runtime_checkable
class ListsOthers(Protocol):
    """Can list runs that were not started by this package."""

    def all_runs(self, limit: int = 100) -> RunList:
        """Return the newest runs, whoever started them, newest first; `RunSummary.ours` tells them apart."""


@runtime_checkable
class Stops(Protocol):
    """Can end a run and let its exit handler have its turn."""

    def stop(self, run: RunRef) -> None:
        """End a run's steps; its exit handler runs."""


@runtime_checkable
class Suspends(Protocol):
    """Can hold a run up and let it go on."""

    def suspend(self, run: RunRef) -> None:
        """Start no further steps of a run; those at work go on."""

    def resume(self, run: RunRef) -> None:
        """Let a suspended run go on."""


@runtime_checkable
class Resubmits(Protocol):
    """Can start a run's Workflow once more."""

    def resubmit(self, run: RunRef, *, memoized: bool = False) -> RunRef:
        """Start a new run of the same Workflow and arguments.

        Args:
            run: A run; where steps are taken over, one that has failed.
            memoized: Whether steps that succeeded are taken over with their outputs and not run again.
        """


@runtime_checkable
class Schedules(Protocol):
    """Can start runs by the clock."""

    def schedule(
        self,
        workflow: Workflow,
        cron: str,
        *,
        name: str = "",
        timezone: str = "",
        arguments: Mapping[str, str] | None = None,
    ) -> Schedule:
        """Start runs of a Workflow at set times.

        Args:
            workflow: The compiled pipeline.
            cron: Five fields: minute, hour, day of the month, month, day of the week.
            name: What to call it; made of the pipeline's name unless given.
            timezone: Whose clock, such as ``Europe/Berlin``; the engine's own unless given.
            arguments: Values of pipeline parameters, replacing the defaults.

        Raises:
            EngineError: The time can't be read, or the name is taken.
        """

    def schedules(self) -> list[Schedule]:
        """Return all schedules, by name."""

    def suspend_schedule(self, name: str, *, suspended: bool) -> None:
        """Let a schedule start no further runs, or start them again."""

    def delete_schedule(self, name: str) -> None:
        """End a schedule; its runs stay."""
