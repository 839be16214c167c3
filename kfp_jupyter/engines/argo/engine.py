"""`ArgoEngine`: runs on a Kubernetes with Argo Workflows."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping

from kfp_jupyter.engines.argo import actions
from kfp_jupyter.engines.argo.artifacts import read_artifact
from kfp_jupyter.engines.argo.connection import Connection
from kfp_jupyter.engines.argo.listing import find_run, list_runs
from kfp_jupyter.engines.argo.logs import ARCHIVED, read_log
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.submission import OURS, new_workflow
from kfp_jupyter.engines.argo.watching import watch_run
from kfp_jupyter.engines.base import LogChunk, RunRef, RunSummary, Workflow
from kfp_jupyter.errors import UsageError
from kfp_jupyter.runs import RunState


class ArgoEngine:
    """Runs Workflows in one namespace of a Kubernetes with Argo Workflows.

    It needs the Kubernetes API alone. Which cluster it is shows at the first use.

    Args:
        context: Which context of the kubeconfig; by default its current one, in a pod the pod's own account.
        namespace: Which namespace; by default the context's, or the pod's own.
        kubeconfig: Which kubeconfig file; by default the one that ``KUBECONFIG`` names, or ``~/.kube/config``.
        s3_endpoint: Address of the artifacts' store as seen from here, such as ``http://localhost:9000``; by default
            where the cluster says that it is, through the Kubernetes API if only the cluster reaches it.
        labels: Further labels of runs; runs without them aren't listed.

    Raises:
        UsageError: An option isn't of its type.
    """

    name = "argo"

    def __init__(
        self,
        context: str | None = None,
        namespace: str | None = None,
        *,
        kubeconfig: str | None = None,
        s3_endpoint: str = "",
        labels: Mapping[str, str] | None = None,
    ) -> None:
        given = {"context": context, "namespace": namespace, "kubeconfig": kubeconfig, "s3_endpoint": s3_endpoint}
        for option, value in given.items():
            if value is not None and not isinstance(value, str):
                raise UsageError(f"The argo engine's {option}={value!r} is no text.")
        self._labels = dict(labels or {})
        self._selector = ",".join([OURS, *(f"{key}={value}" for key, value in self._labels.items())])
        self._s3_endpoint = s3_endpoint
        self._objects = Objects(Connection(context, namespace, kubeconfig))

    @property
    def namespace(self) -> str:
        """The namespace that runs are in."""
        return self._objects.namespace

    @property
    def place(self) -> str:
        """Where its runs are, for people."""
        return f"the namespace {self.namespace} of {self._objects.connection.host}"

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
        return watch_run(self._objects, run.id, stop)

    def logs(self, run: RunRef, node_id: str, *, follow: bool, stop: threading.Event) -> Iterator[LogChunk]:
        """Yield a step's log; see `Engine.logs`."""

        def archived(node: str) -> bytes:
            return self.read_artifact(run, node, ARCHIVED)

        return read_log(self._objects, run.id, node_id, follow, stop, archived)

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

    def retry(self, run: RunRef) -> None:
        """Run what failed again, and what follows it; see `Engine.retry`."""
        actions.retry(self._objects, run.id)

    def delete(self, run: RunRef) -> None:
        """Remove a finished run and its pods; its artifacts stay in their store."""
        actions.delete(self._objects, run.id)

    def runs(self, limit: int = 100) -> list[RunSummary]:
        """Return the newest runs that were started from here, newest first."""
        return list_runs(self._objects, self._selector, limit)

    def get(self, run_id: str) -> RunRef:
        """Return the run of that id, or of the only one whose id starts so; see `Engine.get`."""
        return RunRef(self.name, find_run(self._objects, self._selector, run_id))
