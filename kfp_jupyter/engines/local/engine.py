"""`LocalEngine`: runs on this machine."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import platformdirs

from kfp_jupyter.engines.base import Capability, LogChunk, RunList, RunRef, RunSummary, Workflow
from kfp_jupyter.engines.capabilities import Finding
from kfp_jupyter.engines.local import NAME, safe_paths
from kfp_jupyter.engines.local.artifacts import find_artifact, pack
from kfp_jupyter.engines.local.checks import check_workflow
from kfp_jupyter.engines.local.disk_errors import disk_error, disk_remedy
from kfp_jupyter.engines.local.doctor import examine
from kfp_jupyter.engines.local.launch import launch
from kfp_jupyter.engines.local.listing import find_run, find_summary, is_link, list_runs
from kfp_jupyter.engines.local.logs import read_log
from kfp_jupyter.engines.local.recovery import close_if_abandoned
from kfp_jupyter.engines.local.removal import remove, remove_run
from kfp_jupyter.engines.local.run_processes import kill_all
from kfp_jupyter.engines.local.runs_folder import check_place, make_root
from kfp_jupyter.engines.local.status import UNFINISHED, reset
from kfp_jupyter.engines.local.store import RunDirectory, is_run_id
from kfp_jupyter.engines.local.submission import new_run
from kfp_jupyter.engines.options import EngineOption, OptionType, check_values
from kfp_jupyter.errors import EngineError, RunNotFoundError
from kfp_jupyter.pacing import LOCAL_POLL_SECONDS
from kfp_jupyter.runs import RunState, parse_workflow
from kfp_jupyter.workflow.dialect import MAIN_CONTAINER

_STOP_LIMIT = 2.0
_EXIT_LIMIT = 3.0


class LocalEngine:
    """Runs Workflows on this machine: a detached process a run, a directory a run.

    Args:
        root: Folder of the runs; the environment variable ``KFP_JUPYTER_RUNS``, else the user's data directory.
        python: The Python whose packages the steps see.
        cache: Whether an unchanged step takes the outputs of an earlier run.
        parallelism: How many steps of a run are at work at once; by default one a processor, at least two.

    Raises:
        UsageError: An option isn't of its type.
    """

    name = NAME
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.DIAGNOSTICS, Capability.SUMMARY})
    options: ClassVar[Sequence[EngineOption]] = (
        EngineOption("root", OptionType.TEXT, "folder of the runs"),
        EngineOption("python", OptionType.TEXT, "the Python whose packages steps can import"),
        EngineOption("cache", OptionType.FLAG, "whether an unchanged step reuses the outputs of an earlier run"),
        EngineOption("parallelism", OptionType.COUNT, "how many steps of a run are running at once"),
    )

    def __init__(
        self,
        root: Path | str | None = None,
        *,
        python: str = sys.executable,
        cache: bool = True,
        parallelism: int | None = None,
    ) -> None:
        # Each parameter is an option of its name.
        check_values(self.name, self.options, locals())
        given = os.environ.get("KFP_JUPYTER_RUNS")
        self.root = Path(root or given or platformdirs.user_data_path("kfp-jupyter") / "runs").expanduser().absolute()
        layers = Path(os.environ.get("KFP_JUPYTER_CACHE") or platformdirs.user_cache_path("kfp-jupyter")).absolute()
        parallel = parallelism or max(2, os.cpu_count() or 1)
        self._settings = {"python": python, "cache": cache, "parallelism": parallel, "layers": str(layers)}

    @property
    def place(self) -> str:
        """Where its runs are, as text to display."""
        return f"this machine, runs in {self.root}"

    def check(self) -> None:
        """Raise what is wrong with the settings; see `Engine.check`."""
        check_place(self.root, "KFP_JUPYTER_RUNS")
        check_place(Path(str(self._settings["layers"])), "KFP_JUPYTER_CACHE")

    def submit(
        self,
        workflow: Workflow,
        *,
        arguments: Mapping[str, str] | None = None,
        run_name: str | None = None,
        experiment: str | None = None,
    ) -> RunRef:
        """Start a run and return at once; see `Engine.submit`."""
        self.check()
        check_workflow(workflow)
        run = new_run(workflow, arguments or {}, run_name, experiment)
        directory = RunDirectory(self.root / run["metadata"]["name"])
        try:
            make_root(self.root)
            safe_paths.make_folder(directory.path)
            try:
                safe_paths.make_folder(directory.nodes)
                self._start(directory, run)
            except BaseException:
                remove(directory.path)
                raise
        except OSError as error:
            raise EngineError(
                disk_error("to start a run", self.root, error), remedy=disk_remedy(error, "KFP_JUPYTER_RUNS")
            ) from None
        return RunRef(self.name, directory.id)

    def _start(self, directory: RunDirectory, workflow: Workflow) -> None:
        """Write a run's state and hand it to a runner. The lock comes first: without it a run looks abandoned."""
        limit = time.monotonic() + LOCAL_POLL_SECONDS
        # Somebody who asks whether the runner lives holds the lock for a moment.
        while (lock := directory.try_lock()) is None:
            if time.monotonic() > limit:
                raise EngineError(f"The run {directory.id} is running.", remedy="Wait until it ends, or stop it.")
            time.sleep(LOCAL_POLL_SECONDS / 10)
        try:
            directory.terminate_file.unlink(missing_ok=True)
            text = json.dumps(workflow)
            # The last state is the largest: a node for every task, and then its temporary copy.
            directory.reserve(2 * len(text) + 65536)
            safe_paths.replace(directory.settings_file, json.dumps(self._settings).encode())
            directory.write(workflow, text)
            launch(directory, lock)
        finally:
            os.close(lock)

    def examine(self) -> Iterator[Finding]:
        """Yield what there is to run with and what is missing; see `SupportsDiagnostics.examine`."""
        return examine(self.root, self._settings)

    def watch(self, run: RunRef, stop: threading.Event) -> Iterator[RunState]:
        """Yield the newest state, first at once, then at each change; see `Engine.watch`."""
        directory = self._directory(run)
        last: RunState | None = None
        seen: object = None
        while True:
            mark = self._mark(directory)
            if mark != seen:
                seen = mark
                state = self._state(directory)
                if state != last:
                    last = state
                    yield state
                if state.phase.finished:
                    return
            # A runner that died writes nothing: closing its run here makes the change that is seen next time.
            if self._settled(directory) and self._mark(directory) != seen:
                continue
            if stop.wait(LOCAL_POLL_SECONDS):
                return

    def logs(
        self, run: RunRef, node_id: str, *, follow: bool, stop: threading.Event, container: str = MAIN_CONTAINER
    ) -> Iterator[LogChunk]:
        """Yield a step's log; see `Engine.logs`."""
        if container != MAIN_CONTAINER:
            raise EngineError(f"A step on this machine has no container {container!r}.", remedy="It has main.")
        directory = self._directory(run)
        return read_log(directory, node_id, self._finished_test(directory, node_id), follow, stop)

    def read_artifact(self, run: RunRef, node_id: str, name: str) -> bytes:
        """Return an output artifact's bytes, a directory as a .tar.gz; see `Engine.read_artifact`."""
        directory = self._directory(run)
        node = self._read(directory)["status"]["nodes"].get(node_id)
        if node is None:
            raise EngineError(f"The run {run.id} has no node {node_id!r}.")
        file = find_artifact(directory, node_id, node, name)
        try:
            return pack(file, name)
        except OSError as error:
            raise EngineError(f"The artifact {name!r} can't be read: {error.strerror}.") from None
        except MemoryError:
            raise EngineError(
                f"The artifact {name!r} doesn't fit into memory.", remedy=f"Read it in pieces from {file}."
            ) from None

    def workflow(self, run: RunRef) -> Workflow:
        """Return the run's Workflow object as it is now."""
        directory = self._directory(run)
        workflow = self._read(directory)
        if workflow["status"]["phase"] in UNFINISHED and self._settled(directory):
            workflow = self._read(directory)
        return workflow

    def terminate(self, run: RunRef) -> None:
        """Stop the run's steps and return when they have ended, after about two seconds at most."""
        directory = self._directory(run)
        if self.workflow(run)["status"]["phase"] not in UNFINISHED:
            return
        try:
            directory.ask_to_stop()
        except OSError as error:
            raise EngineError(disk_error("to stop a run", directory.path, error)) from None
        limit = time.monotonic() + _STOP_LIMIT
        while time.monotonic() < limit:
            if self._read(directory)["status"]["phase"] not in UNFINISHED or self._settled(directory):
                return
            time.sleep(LOCAL_POLL_SECONDS / 2)
        kill_all(directory)
        self._settled(directory)

    def retry(self, run: RunRef) -> None:
        """Run the failed steps again, and the steps that depend on them; see `Engine.retry`."""
        directory = self._directory(run)
        workflow = dict(self.workflow(run))
        if workflow["status"]["phase"] in UNFINISHED:
            raise EngineError(f"The run {run.id} is running.", remedy="Wait until it ends, or stop it.")
        if workflow["status"]["phase"] == "Succeeded":
            raise EngineError(f"The run {run.id} has succeeded; there is nothing to retry.")
        # What was another's run has not been checked yet.
        check_workflow(workflow)
        self._await_runner(directory)
        kill_all(directory)
        try:
            for node in [directory.node(node_id) for node_id in reset(workflow["status"])]:
                remove(node)
            if not directory.nodes.exists():
                safe_paths.make_folder(directory.nodes)
            self._start(directory, workflow)
        except OSError as error:
            raise EngineError(disk_error("to retry a run", directory.path, error)) from None

    def delete(self, run: RunRef) -> None:
        """Remove a finished run; see `Engine.delete`."""
        if not is_link(self.root, run.id):
            self._check_over(self._directory(run))
        try:
            remove_run(self.root / run.id)
        except OSError as error:
            raise EngineError(disk_error("to delete a run", self.root / run.id, error)) from None

    def runs(self, limit: int = 100) -> RunList:
        """Return the newest runs; see `Engine.runs`."""
        try:
            return list_runs(self.root, limit)
        except OSError as error:
            raise EngineError(disk_error("to list the runs", self.root, error)) from None

    def summary(self, run: RunRef) -> RunSummary:
        """Return what a list tells of one run; see `SupportsSummary.summary`."""
        try:
            return find_summary(self.root, run.id)
        except OSError as error:
            raise EngineError(disk_error("to read a run", self.root / run.id, error)) from None

    def get(self, run_id: str) -> RunRef:
        """Return the run of that id, of an id that starts so, or of that name; see `Engine.get`."""
        try:
            return RunRef(self.name, find_run(self.root, run_id))
        except OSError as error:
            raise EngineError(disk_error("to list the runs", self.root, error)) from None

    def _directory(self, run: RunRef) -> RunDirectory:
        directory = RunDirectory(self.root / run.id)
        try:
            if not is_run_id(run.id) or not directory.exists:
                raise RunNotFoundError(f"There is no run {run.id!r} in {self.root}.")
            safe_paths.close_to_others(directory.path)
        except OSError as error:
            raise EngineError(disk_error("to read a run", directory.path, error)) from None
        return directory

    def _read(self, directory: RunDirectory) -> dict[str, Any]:
        try:
            return directory.read()
        except FileNotFoundError:
            raise RunNotFoundError(f"The run {directory.id} was deleted.") from None
        except OSError as error:
            raise EngineError(f"The state of run {directory.id} can't be read: {error.strerror}.") from None

    def _state(self, directory: RunDirectory) -> RunState:
        workflow = self._read(directory)
        try:
            return parse_workflow(workflow)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            # Another version's, or a stranger's.
            raise EngineError(
                f"The state of run {directory.id} can't be read: {error!r} in its workflow.json."
            ) from None

    def _check_over(self, directory: RunDirectory) -> None:
        """Refuse a run that hasn't ended; one whose state can't be read has ended once it has no runner."""
        try:
            over = self.workflow(RunRef(self.name, directory.id))["status"]["phase"] not in UNFINISHED
            if over:
                self._await_runner(directory)
        except RunNotFoundError:
            raise
        except EngineError:
            over = self._given_up(directory)
        if not over:
            raise EngineError(f"The run {directory.id} is running.", remedy="Stop it first.")

    def _mark(self, directory: RunDirectory) -> tuple[int, int, int]:
        """Return what differs between two versions of the state file."""
        try:
            stat = directory.workflow_file.stat()
        except FileNotFoundError:
            raise RunNotFoundError(f"The run {directory.id} was deleted.") from None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    def _settled(self, directory: RunDirectory) -> bool:
        """Close the run if its runner died; return whether no runner is alive."""
        try:
            return not close_if_abandoned(directory)
        except FileNotFoundError:
            raise RunNotFoundError(f"The run {directory.id} was deleted.") from None
        except OSError as error:
            raise EngineError(disk_error("to close a run", directory.path, error)) from None

    def _await_runner(self, directory: RunDirectory) -> None:
        """Wait for a runner that has written its last state to be gone."""
        limit = time.monotonic() + _EXIT_LIMIT
        while not self._settled(directory):
            if time.monotonic() > limit:
                kill_all(directory)
                return
            time.sleep(LOCAL_POLL_SECONDS / 5)

    def _given_up(self, directory: RunDirectory) -> bool:
        """Return whether no runner is alive, waiting for one that is about to end."""
        limit = time.monotonic() + _EXIT_LIMIT
        try:
            while (lock := directory.try_lock()) is None:
                if time.monotonic() > limit:
                    return False
                time.sleep(LOCAL_POLL_SECONDS / 5)
        except (OSError, EngineError):
            # What no runner could lock.
            kill_all(directory)
            return True
        os.close(lock)
        return True

    def _finished_test(self, directory: RunDirectory, node_id: str) -> Callable[[], bool]:
        """Return a function that tells whether a node has ended; it reads the state only after a change."""
        seen: object = None
        finished = False

        def test() -> bool:
            nonlocal seen, finished
            try:
                settled = self._settled(directory)
                mark = self._mark(directory)
            except RunNotFoundError:
                return True
            if mark != seen:
                seen = mark
                status = self._read(directory)["status"]
                node = status["nodes"].get(node_id)
                finished = status["phase"] not in UNFINISHED or (node is not None and node["phase"] not in UNFINISHED)
            return finished or settled

        return test
