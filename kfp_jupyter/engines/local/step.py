"""One step, from its inputs to its outputs."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
import signal
from collections.abc import Callable, Mapping
from typing import IO, Any

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.cache import Cache
from kfp_jupyter.engines.local.command import parse_command
from kfp_jupyter.engines.local.disk_errors import disk_error, is_full, no_space
from kfp_jupyter.engines.local.environments import Environment
from kfp_jupyter.engines.local.outputs import Outputs, collect
from kfp_jupyter.engines.local.package_contents import UNKNOWN, content_digests
from kfp_jupyter.engines.local.packages import PackageStore
from kfp_jupyter.engines.local.processes import Processes, Stopped
from kfp_jupyter.engines.local.removal import remove
from kfp_jupyter.engines.local.staging import Job, Staged, resolve, stage
from kfp_jupyter.engines.local.status import STOPPED
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.errors import EngineError

_NO_PROGRAM = 64
"""What Argo's executor ends with where a program isn't there."""


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended.

    Attributes:
        phase: ``Succeeded``, ``Failed`` or ``Error``.
        message: Why; empty when it went well.
        outputs: What it has written, if it went well.
        exit_code: What its program returned; None where it never ran.
        cache_key: Under which its outputs are kept; empty if they aren't.
        cached: Whether they were taken from there.
        disk_full: Whether it ended because the disk was full.
    """

    phase: str
    message: str = ""
    outputs: Outputs = dataclasses.field(default_factory=Outputs)
    exit_code: int | None = None
    cache_key: str = ""
    cached: bool = False
    disk_full: bool = False


class StepRunner:
    """Runs the steps of one run, each in the thread that asks.

    Args:
        directory: The run's.
        processes: Where the steps' processes are kept.
        packages: Where package layers come from.
        cache: Outputs of earlier steps; None to run everything.
    """

    def __init__(
        self, directory: RunDirectory, processes: Processes, packages: PackageStore, cache: Cache | None
    ) -> None:
        self._directory = directory
        self._processes = processes
        self._packages = packages
        self._cache = cache

    def run(self, job: Job, report: Callable[[str, str], None]) -> Outcome:
        """Run a step to its end; all that can go wrong is in the outcome.

        Args:
            job: The step.
            report: Told the phase (``Pending`` or ``Running``) and why, as they change.
        """
        try:
            outcome = self._run(job, report)
            # Asked now: removing the step's temporary files makes room again, and the reason would be lost.
            full = outcome.phase != "Succeeded" and is_full(self._directory.path)
            return dataclasses.replace(outcome, disk_full=full)
        except Stopped:
            return Outcome("Failed", STOPPED)
        except _NoProgramError as error:
            return Outcome("Failed", error.format_message(), exit_code=_NO_PROGRAM)
        except EngineError as error:
            return Outcome("Error", error.format_message())
        except OSError as error:
            full = no_space(error)
            return Outcome("Error", disk_error("for this step", self._directory.path, error), disk_full=full)

    def _run(self, job: Job, report: Callable[[str, str], None]) -> Outcome:
        directory = self._directory.node(job.node_id)
        safe_paths.make_anew(directory)
        template = resolve(job)
        key = self._cache_key(job, template)
        if self._cache and key:
            outputs = self._cache.fetch(key, template, directory)
            if outputs is not None:
                return Outcome("Succeeded", outputs=outputs, exit_code=0, cache_key=key, cached=True)
        with safe_paths.append(self._directory.log(job.node_id)) as log:
            staged = stage(job, directory)
            code = self._execute(job, staged, log, report)
        if self._processes.stopping and code != 0:
            return Outcome("Failed", STOPPED, exit_code=_exit_code(code))
        if code != 0:
            return Outcome("Failed", _failure(code), exit_code=_exit_code(code))
        try:
            outputs = collect(staged.template, staged.paths)
        except EngineError as error:
            return Outcome("Error", error.format_message(), exit_code=0)
        return Outcome("Succeeded", outputs=outputs, exit_code=0, cache_key=key)

    def _cache_key(self, job: Job, template: Mapping[str, Any]) -> str:
        """Return under what a step's outputs are kept; empty where they aren't, or it isn't known what it runs."""
        if self._cache is None:
            return ""
        container = template["container"]
        words = [str(word) for word in (*(container.get("command") or ()), *(container.get("args") or ()))]
        held = content_digests(parse_command(words).packages)
        if UNKNOWN in held:
            return ""
        return self._cache.key(job, template, " ".join((self._packages.fingerprint, *held)))

    def _execute(self, job: Job, staged: Staged, log: IO[bytes], report: Callable[[str, str], None]) -> int:
        directory = self._directory.node(job.node_id)
        record = self._directory.process_file(job.node_id)
        layer = None
        if staged.command.packages:
            layer = self._packages.layer(
                staged.command.packages, job.isolated, log, record, lambda words: report("Pending", words)
            )
        environment = Environment(directory / "env", self._packages.python)
        sites, extra = self._packages.below(layer, job.isolated)
        environment.create(sites, extra)
        temporary = directory / "tmp"
        temporary.mkdir(exist_ok=True)
        env = environment.variables(os.environ, self._packages.scripts(layer, job.isolated), job.isolated)
        env |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary)) | {"PWD": str(staged.cwd)}
        argv = list(staged.command.argv)
        if staged.command.program is not None:
            program = directory / "program.py"
            safe_paths.replace(program, staged.command.program.encode("utf-8", "surrogateescape"))
            argv = [str(environment.executable), "-u", str(program), *argv]
        try:
            return self._processes.run(
                argv, env=_merged(env, staged.env), cwd=staged.cwd, log=log, record=record,
                started=lambda: report("Running", ""),
            )  # fmt: skip
        except OSError as error:
            raise _not_started(argv[0], error) from None

    def clean(self, job: Job) -> None:
        """Remove what isn't needed once a step has ended."""
        directory = self._directory.node(job.node_id)
        for name in ("env", "tmp"):
            # What can't be removed now goes with the run.
            with contextlib.suppress(OSError, EngineError):
                remove(safe_paths.child(directory, name))


class _NoProgramError(EngineError):
    """The step's program isn't there: as on a cluster, the step's own failure and not the engine's."""


def _merged(env: Mapping[str, str], template: Mapping[str, str]) -> dict[str, str]:
    """The template's variables win, but PATH keeps the step's own programs in front."""
    merged = dict(env) | dict(template)
    if "PATH" in template:
        merged["PATH"] = env["PATH"].split(os.pathsep)[0] + os.pathsep + template["PATH"]
    return merged


def _not_started(program: str, error: OSError) -> Exception:
    if no_space(error):
        return error
    if error.errno == errno.E2BIG:
        return EngineError(
            "The arguments of the step are together larger than the system allows.",
            remedy="Read large inputs as files: annotate them with InputPath.",
        )
    if isinstance(error, FileNotFoundError):
        return _NoProgramError(
            f"The program {program!r} isn't installed on this machine; steps run here without their images.",
            remedy="Install it, or run the pipeline on a cluster.",
        )
    return EngineError(f"The program {program!r} can't be started: {error.strerror}.")


def _exit_code(code: int) -> int:
    return 128 - code if code < 0 else code


def _failure(code: int) -> str:
    if code < 0:
        hint = ", perhaps out of memory" if -code == signal.SIGKILL else ""
        return f"Killed by signal {-code} ({_signal_name(-code)}){hint}"
    name = _signal_name(code - 128) if code > 128 else ""
    return f"The program ended with exit code {code}" + (f", which a shell returns after {name}" if name else "")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return ""
