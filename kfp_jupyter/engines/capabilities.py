"""What some engines can do beyond `Engine`: each declares it in `Engine.capabilities`.

Callers ask the declaration, with one of the ``supports_…`` functions, never for the name of a method:

    if supports_stop(engine):
        engine.stop(run)
"""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol, TypeGuard

from kfp_jupyter.engines.base import Capability, Engine, RunList, RunRef, RunSummary, Workflow


class Severity(str, enum.Enum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"  # runs work, something about them won't
    ERROR = "error"  # runs don't work


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked.

    Attributes:
        subject: What it is, in two or three words.
        severity: How bad it is.
        text: What was seen.
        remedy: What to do about it; empty where nothing needs doing.
    """

    subject: str
    severity: Severity
    text: str
    remedy: str = ""

    @classmethod
    def ok(cls, subject: str, text: str) -> Finding:
        """Return that a thing is well.

        Args:
            subject: What was checked.
            text: The result in words.
        """
        return cls(subject, Severity.OK, text)

    @classmethod
    def warning(cls, subject: str, text: str, remedy: str = "") -> Finding:
        """Return that something about runs won't work, or that a thing can't be seen.

        Args:
            subject: What was checked.
            text: The result in words.
            remedy: What helps.
        """
        return cls(subject, Severity.WARNING, text, remedy)

    @classmethod
    def error(cls, subject: str, text: str, remedy: str = "") -> Finding:
        """Return that runs won't work.

        Args:
            subject: What was checked.
            text: The result in words.
            remedy: What helps.
        """
        return cls(subject, Severity.ERROR, text, remedy)


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


class SupportsDiagnostics(Engine, Protocol):
    """Can tell what it reaches and what is missing."""

    def examine(self) -> Iterator[Finding]:
        """Yield one finding after the other, never an error."""


class SupportsSummary(Engine, Protocol):
    """Can tell the phase of a run at so little cost that it may be asked every few seconds."""

    def summary(self, run: RunRef) -> RunSummary:
        """Return what a list of runs tells of one.

        Raises:
            RunNotFoundError: There is no such run any more.
        """


class SupportsForeignRuns(Engine, Protocol):
    """Can list runs that were not started by this package."""

    def all_runs(self, limit: int = 100) -> RunList:
        """Return the newest runs of any origin, newest first; `RunSummary.ours` tells them apart."""


class SupportsStop(Engine, Protocol):
    """Can end a run and still run its exit handler."""

    def stop(self, run: RunRef) -> None:
        """End a run's steps; its exit handler runs."""


class SupportsSuspend(Engine, Protocol):
    """Can suspend a run and resume it."""

    def suspend(self, run: RunRef) -> None:
        """Start no further steps of a run; those that are running go on."""

    def resume(self, run: RunRef) -> None:
        """Let a suspended run go on."""


class SupportsResubmit(Engine, Protocol):
    """Can start a run's Workflow once more."""

    def resubmit(self, run: RunRef, *, memoized: bool = False) -> RunRef:
        """Start a new run of the same Workflow and arguments.

        Args:
            run: A run; where steps are taken over, one that has failed.
            memoized: Whether steps that succeeded are taken over with their outputs and not run again.
        """


class SupportsSchedules(Engine, Protocol):
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
        """Let a schedule start no further runs, or start them again.

        Args:
            name: Name of the schedule.
            suspended: Whether it starts no further runs.
        """

    def delete_schedule(self, name: str) -> None:
        """End a schedule; its runs stay."""


PROTOCOLS: Mapping[Capability, type] = {
    Capability.STOP: SupportsStop,
    Capability.SUSPEND: SupportsSuspend,
    Capability.RESUBMIT: SupportsResubmit,
    Capability.SCHEDULES: SupportsSchedules,
    Capability.DIAGNOSTICS: SupportsDiagnostics,
    Capability.SUMMARY: SupportsSummary,
    Capability.FOREIGN_RUNS: SupportsForeignRuns,
}
"""The methods that each capability promises."""


def supports_stop(engine: Engine) -> TypeGuard[SupportsStop]:
    """Return whether an engine can end a run and still run its exit handler."""
    return Capability.STOP in engine.capabilities


def supports_suspend(engine: Engine) -> TypeGuard[SupportsSuspend]:
    """Return whether an engine can suspend a run and resume it."""
    return Capability.SUSPEND in engine.capabilities


def supports_resubmit(engine: Engine) -> TypeGuard[SupportsResubmit]:
    """Return whether an engine can start a run's Workflow once more."""
    return Capability.RESUBMIT in engine.capabilities


def supports_schedules(engine: Engine) -> TypeGuard[SupportsSchedules]:
    """Return whether an engine can start runs by the clock."""
    return Capability.SCHEDULES in engine.capabilities


def supports_diagnostics(engine: Engine) -> TypeGuard[SupportsDiagnostics]:
    """Return whether an engine can tell what it reaches and what is missing."""
    return Capability.DIAGNOSTICS in engine.capabilities


def supports_summary(engine: Engine) -> TypeGuard[SupportsSummary]:
    """Return whether an engine can tell the phase of a run at little cost."""
    return Capability.SUMMARY in engine.capabilities


def supports_foreign_runs(engine: Engine) -> TypeGuard[SupportsForeignRuns]:
    """Return whether an engine can list runs that were not started by this package."""
    return Capability.FOREIGN_RUNS in engine.capabilities
