"""What the checks of a cluster share."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from kfp_jupyter.engines.argo.argo_server import ArgoServer
from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.engines.argo.requirements import WORKFLOWS
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.errors import ApiError
from kfp_jupyter.kubernetes.rbac import Action
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import API_VERSION

T = TypeVar("T")

MAX_WORKFLOWS = 20


@dataclasses.dataclass
class DoctorContext:
    """The cluster to check.

    Attributes:
        objects: Access to the cluster, with short timeouts.
        s3_endpoint: Where the artifacts' store is as seen from here; empty for where the cluster says.
        server: The Argo Server; None where none is configured.
        user: The user's name in the cluster, once it is known.
    """

    objects: Objects
    s3_endpoint: str = ""
    server: ArgoServer | None = None
    user: str = ""
    _workflows: Sequence[Mapping[str, Any]] | None = None

    @property
    def namespace(self) -> str:
        """Where runs are."""
        return self.objects.namespace

    def get(self, resource: str, path: str, query: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return an object of the API.

        Args:
            resource: Resource, for messages.
            path: Path of the object in the API.
            query: Parameters of the request.
        """
        return self.objects.connection.ask(Action("get", resource, self.namespace), path, query=query)

    def review(self, kind: str, path: str, spec: Mapping[str, Any]) -> dict[str, Any]:
        """Return the API's answer to a review of permissions.

        Args:
            kind: Kind of the review.
            path: Path of the review in the API.
            spec: The question.
        """
        group = path.removeprefix("/apis/").partition("/v1/")[0]
        metadata = {"namespace": self.namespace} if kind.startswith("Local") else {}
        body = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": metadata, "spec": spec}
        answer = self.objects.connection.ask(
            Action("create", f"{kind.lower()}s.{group}", self.namespace), path, body=body
        )
        return dict(section(answer, "status"))

    def may(self, verb: str, resource: str) -> bool:
        """Whether the user may do something in the namespace.

        Args:
            verb: The verb, such as ``create``.
            resource: The resource, such as ``pods/log`` or ``workflows.argoproj.io``.
        """
        name, _, group = resource.partition(".")
        name, _, part = name.partition("/")
        wanted = {"namespace": self.namespace, "verb": verb, "group": group, "resource": name, "subresource": part}
        path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        return bool(self.review("SelfSubjectAccessReview", path, {"resourceAttributes": wanted}).get("allowed"))

    def workflows(self) -> Sequence[Mapping[str, Any]]:
        """Return some workflows of the namespace; none if the user may not list them."""
        if self._workflows is None:
            path = f"/apis/{API_VERSION}/namespaces/{self.namespace}/workflows"
            try:
                answer = self.get(WORKFLOWS, path, {"limit": MAX_WORKFLOWS})
            except ApiError:
                answer = {}
            self._workflows = [dict(item) for item in entries(answer, "items")]
        return self._workflows


def within(seconds: float, work: Callable[[], T], what: str) -> T:
    """Return what a function returns.

    Args:
        seconds: Timeout.
        work: The function; called in a thread.
        what: What is asked, for the message.

    Raises:
        EngineError: It didn't in time; it continues in its thread.
    """
    made: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            made.append(work())
        except BaseException as error:  # noqa: BLE001  it is raised again below
            errors.append(error)

    thread = threading.Thread(target=run, name="kfp-jupyter-doctor", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not made:
        raise EngineError(f"{what} doesn't answer within {seconds:g} s.")
    return made[0]
