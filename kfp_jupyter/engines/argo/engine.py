"""`ArgoEngine`: runs on a Kubernetes with Argo Workflows."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.engines.argo import NAME
from kfp_jupyter.engines.argo.actions import run_actions as actions
from kfp_jupyter.engines.argo.argo_server import ArgoServer
from kfp_jupyter.engines.argo.artifacts.read_artifact import read_artifact
from kfp_jupyter.engines.argo.diagnosis.annotated_watch import with_reasons
from kfp_jupyter.engines.argo.diagnosis.cluster_queries import ClusterQueries
from kfp_jupyter.engines.argo.doctor.context import DoctorContext
from kfp_jupyter.engines.argo.doctor.run_checks import SHORT_TIMEOUTS, examine
from kfp_jupyter.engines.argo.listing import find_run, list_runs
from kfp_jupyter.engines.argo.logs.step_log import read_log
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import connect
from kfp_jupyter.engines.argo.schedules import cron_workflows as schedules
from kfp_jupyter.engines.argo.submission import new_workflow
from kfp_jupyter.engines.argo.summaries import Summaries
from kfp_jupyter.engines.argo.watch.watcher import watch_anywhere
from kfp_jupyter.engines.base import Capability, LogChunk, RunList, RunRef, RunSummary, Workflow
from kfp_jupyter.engines.capabilities import Finding, Schedule
from kfp_jupyter.engines.options import EngineOption, OptionType, check_values
from kfp_jupyter.runs import RunState
from kfp_jupyter.workflow.dialect import MAIN_CONTAINER, MANAGED_BY, OURS


class ArgoEngine:
    """Runs Workflows in one namespace of a Kubernetes with Argo Workflows.

    It needs the Kubernetes API alone. Which cluster it is shows at the first use.

    Args:
        context: Context of the kubeconfig; the current one by default. Inside a pod the default is the pod's account.
        namespace: Namespace of the runs; by default the context's, or the pod's own.
        kubeconfig: Path of the kubeconfig file; by default the one that ``KUBECONFIG`` names, or ``~/.kube/config``.
        s3_endpoint: Address of the artifact store as seen from this machine, such as ``http://localhost:9000``. By
            default the address that the cluster states, reached through the Kubernetes API if only the cluster can
            reach it.
        labels: Additional labels of runs; runs without them aren't listed.
        server: Address of an Argo Server, for what only it can provide: the steps of runs that are so large that the
            cluster stores them in a database, archived runs, artifacts in stores that can't be read from here.
        server_token: Token for that server; by default ``ARGO_TOKEN``, or the credentials of the Kubernetes API.
        server_insecure: Whether that server's certificate isn't verified.

    Raises:
        UsageError: An option isn't of its type.
    """

    name = NAME
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)
    options: ClassVar[Sequence[EngineOption]] = (
        EngineOption("context", OptionType.TEXT, "context of the kubeconfig"),
        EngineOption("namespace", OptionType.TEXT, "namespace of the runs"),
        EngineOption("kubeconfig", OptionType.TEXT, "path of the kubeconfig file"),
        EngineOption("s3_endpoint", OptionType.ADDRESS, "address of the artifact store as seen from this machine"),
        EngineOption("labels", OptionType.LABELS, "additional labels of runs"),
        EngineOption("server", OptionType.ADDRESS, "address of an Argo Server"),
        EngineOption("server_token", OptionType.SECRET, "token for that server"),
        EngineOption("server_insecure", OptionType.FLAG, "whether that server's certificate isn't verified"),
    )

    def __init__(
        self,
        context: str | None = None,
        namespace: str | None = None,
        *,
        kubeconfig: str | None = None,
        s3_endpoint: str = "",
        labels: Mapping[str, str] | None = None,
        server: str = "",
        server_token: str = "",
        server_insecure: bool = False,
    ) -> None:
        # Each parameter is an option of its name.
        check_values(self.name, self.options, locals())
        self._labels = dict(labels or {})
        self._selector = ",".join([f"{MANAGED_BY}={OURS}", *(f"{key}={value}" for key, value in self._labels.items())])
        self._s3_endpoint = s3_endpoint
        connection = connect(context, namespace, kubeconfig)

        def token() -> str:
            return connection.authorization

        asked = ArgoServer(server, server_token, insecure=server_insecure, fallback=token) if server else None
        self._objects = Objects(connection, asked)
        self._asking = ClusterQueries(self._objects)
        self._glances = Summaries(self._objects, self._selector)
        quick = Objects(connect(context, namespace, kubeconfig, SHORT_TIMEOUTS))
        self._patient = DoctorContext(quick, s3_endpoint, asked)

    @property
    def namespace(self) -> str:
        """The namespace that runs are in."""
        return self._objects.namespace

    @property
    def place(self) -> str:
        """Where its runs are, as text to display."""
        return f"the namespace {self.namespace} of {self._objects.connection.host}"

    def check(self) -> None:
        """Raise what is wrong with the settings; see `Engine.check`."""
        self._objects.connection.check()

    def submit(
        self,
        workflow: Workflow,
        *,
        arguments: Mapping[str, str] | None = None,
        run_name: str | None = None,
        experiment: str | None = None,
    ) -> RunRef:
        """Start a run and return at once; see `Engine.submit`."""
        made = new_workflow(workflow, arguments or {}, run_name, experiment, self._labels)
        return RunRef(self.name, self._objects.create_workflow(made))

    def watch(self, run: RunRef, stop: threading.Event) -> Iterator[RunState]:
        """Yield the newest state, first at once, then at each change; see `Engine.watch`."""
        return with_reasons(
            lambda end: watch_anywhere(self._objects, run.id, end), self._asking, run.id, CancelToken.of(stop)
        )

    def logs(
        self, run: RunRef, node_id: str, *, follow: bool, stop: threading.Event, container: str = MAIN_CONTAINER
    ) -> Iterator[LogChunk]:
        """Yield a step's log; see `Engine.logs`."""

        def archive(node: str, name: str) -> bytes:
            return self.read_artifact(run, node, name)

        return read_log(
            self._objects,
            run.id,
            node_id,
            container=container,
            follow=follow,
            stop=CancelToken.of(stop),
            archive=archive,
        )

    def read_artifact(self, run: RunRef, node_id: str, name: str) -> bytes:
        """Return an output artifact's bytes, a directory as a .tar.gz; see `Engine.read_artifact`."""
        workflow = self._objects.workflow(run.id)
        return read_artifact(self._objects, workflow, node_id, name, self._s3_endpoint)

    def workflow(self, run: RunRef) -> Workflow:
        """Return the run's Workflow object as it is now."""
        return self._objects.workflow(run.id)

    def terminate(self, run: RunRef) -> None:
        """Stop the run's steps now; nothing happens to a finished run."""
        actions.shut_down(self._objects, run.id, "Terminate")

    def stop(self, run: RunRef) -> None:
        """Stop the run's steps, and let its exit handler run."""
        actions.shut_down(self._objects, run.id, "Stop")

    def suspend(self, run: RunRef) -> None:
        """Start no further steps of a run; those at work go on."""
        actions.suspend(self._objects, run.id)

    def resume(self, run: RunRef) -> None:
        """Let a run go on that is suspended, or waits in Suspend steps."""
        actions.resume(self._objects, run.id)

    def resubmit(self, run: RunRef, *, memoized: bool = False) -> RunRef:
        """Start a run's Workflow once more; see `SupportsResubmit.resubmit`."""
        return RunRef(self.name, actions.resubmit(self._objects, run.id, self._labels, memoized=memoized))

    def retry(self, run: RunRef) -> None:
        """Run what failed again, and what follows it; see `Engine.retry`."""
        actions.retry(self._objects, run.id)

    def delete(self, run: RunRef) -> None:
        """Remove a finished run and its pods; its artifacts stay in their store."""
        actions.delete(self._objects, run.id)

    def runs(self, limit: int = 100) -> RunList:
        """Return the newest runs that were started from here; see `Engine.runs`."""
        return list_runs(self._objects, self._selector, limit)

    def all_runs(self, limit: int = 100) -> RunList:
        """Return the newest runs of the namespace, of any origin; see `SupportsForeignRuns.all_runs`."""
        return list_runs(self._objects, self._selector, limit, others=True)

    def summary(self, run: RunRef) -> RunSummary:
        """Return what a list tells of one run; see `SupportsSummary.summary`."""
        return self._glances.summary(run.id)

    def get(self, run_id: str) -> RunRef:
        """Return the run of that id, of an id that starts so, or of that name; see `Engine.get`."""
        return RunRef(self.name, find_run(self._objects, self._selector, run_id))

    def examine(self) -> Iterator[Finding]:
        """Yield what is reached and what is missing; see `SupportsDiagnostics.examine`."""
        return examine(dataclasses.replace(self._patient))

    def schedule(
        self,
        workflow: Workflow,
        cron: str,
        *,
        name: str = "",
        timezone: str = "",
        arguments: Mapping[str, str] | None = None,
    ) -> Schedule:
        """Start runs of a Workflow at set times; see `SupportsSchedules.schedule`."""
        return schedules.create_schedule(self._objects, workflow, cron, name, timezone, arguments or {}, self._labels)

    def schedules(self) -> list[Schedule]:
        """Return the schedules that were made from here, by name."""
        return schedules.list_schedules(self._objects, self._selector)

    def suspend_schedule(self, name: str, *, suspended: bool) -> None:
        """Let a schedule start no further runs, or start them again. See `SupportsSchedules.suspend_schedule`."""
        schedules.suspend_schedule(self._objects, name, suspended=suspended)

    def delete_schedule(self, name: str) -> None:
        """End a schedule; its runs stay."""
        schedules.delete_schedule(self._objects, name)
