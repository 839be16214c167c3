"""A task that creates, changes or deletes a Kubernetes object.

Source: ``kfp/dsl/_resource_op.py`` of kfp 1.8.24;
https://argo-workflows.readthedocs.io/en/release-3.7/walk-through/kubernetes-resources/.
"""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

from kfp_jupyter.dsl.base_op import BaseOp
from kfp_jupyter.dsl.container import one_of
from kfp_jupyter.dsl.container_op import ContainerOp
from kfp_jupyter.dsl.outputs import Outputs
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.errors import PipelineError, author_position

ACTIONS = ("get", "create", "apply", "delete", "replace", "patch")


@dataclasses.dataclass
class Resource:
    """What is done with the object. The fields are those of Argo's ResourceTemplate.

    Attributes:
        action: What is done.
        merge_strategy: How a patch is merged: strategic, merge or json.
        success_condition: Label selector on the object that means success, such as ``status.succeeded > 0``.
        failure_condition: The same for failure.
        set_owner_reference: Whether the object is deleted with the Workflow.
        flags: Further flags of kubectl.
    """

    attribute_map: ClassVar = {
        "action": "action",
        "merge_strategy": "mergeStrategy",
        "success_condition": "successCondition",
        "failure_condition": "failureCondition",
        "set_owner_reference": "setOwnerReference",
        "flags": "flags",
    }

    action: str
    merge_strategy: str | None = None
    success_condition: str | None = None
    failure_condition: str | None = None
    set_owner_reference: bool | None = None
    flags: list[str] | None = None


class ResourceOp(BaseOp):
    """A task that creates, changes or deletes a Kubernetes object.

    Its outputs are ``name`` and ``manifest`` of the object, and those of ``attribute_outputs``.

    Args:
        k8s_resource: The object: of the Kubernetes client, or its JSON form.
        action: One of get, create, apply, delete, replace, patch.
        merge_strategy: How it is merged; only for apply and patch.
        success_condition: When the task has succeeded, such as ``status.succeeded > 0``.
        failure_condition: When it has failed.
        set_owner_reference: Whether the object is deleted with the run.
        attribute_outputs: Output name to the JSON path of a field of the object (``{.status.capacity.storage}``).
        flags: Further flags of kubectl.
        **kwargs: As in `BaseOp`: name, init_containers, sidecars.

    Raises:
        PipelineError: Arguments contradict each other.

    Example:
        dsl.ResourceOp(
            name="Create settings",
            k8s_resource={"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"generateName": "settings-"}},
        )
    """

    own_outputs: ClassVar[dict[str, str]] = {}
    """Outputs that every task of the class has."""

    def __init__(
        self,
        k8s_resource: Any = None,
        action: str = "create",
        merge_strategy: str | None = None,
        success_condition: str | None = None,
        failure_condition: str | None = None,
        set_owner_reference: bool | None = None,
        attribute_outputs: dict[str, str] | None = None,
        flags: list[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if k8s_resource is None:
            raise self._wrong("has no k8s_resource", "Pass the Kubernetes object.")
        one_of(action, ACTIONS, "action of a resource")
        if merge_strategy and action not in ("apply", "patch"):
            raise self._wrong(f"has a merge_strategy, but its action is {action}", "Use apply or patch.")
        deletes = action == "delete"
        if deletes and (success_condition or failure_condition or attribute_outputs):
            raise self._wrong(
                "deletes an object and has conditions or outputs", "Remove them: a deleted object has no state."
            )
        if deletes and flags is None:
            flags = ["--wait=false"]
        self._resource = Resource(
            action, merge_strategy, success_condition, failure_condition, set_owner_reference, flags
        )
        self.k8s_resource = k8s_resource
        extra = dict(attribute_outputs or {})
        always = {"name": "{.metadata.name}", "manifest": "{}"}
        self.attribute_outputs = {} if deletes else {**always, **self.own_outputs, **extra}
        self.outputs = Outputs(self.name, {name: PipelineParam(name, self.name) for name in self.attribute_outputs})
        self.output = None if deletes else self.outputs[next(iter(extra)) if len(extra) == 1 else "name"]

    @property
    def resource(self) -> Resource:
        """What is done with the object."""
        return self._resource

    def delete(self, flags: list[str] | None = None) -> ContainerOp:
        """Make a task that deletes the object; return that task.

        Args:
            flags: Flags of kubectl; it doesn't wait for the end of the deletion unless given.
        """
        if self.resource.action == "delete":
            raise self._wrong("already deletes an object", "Call .delete() on the task that makes it.")
        kind = self.k8s_resource["kind"] if isinstance(self.k8s_resource, dict) else self.k8s_resource.kind
        return kubernetes_resource_delete_op(self.outputs["name"], kind, flags=flags or ["--wait=false"])

    def _fields(self) -> list[Any]:
        return [*super()._fields(), self.resource, self.k8s_resource, self.attribute_outputs]

    def _wrong(self, what: str, remedy: str) -> PipelineError:
        return PipelineError(f"The task {self.name!r} {what}.", remedy=remedy, position=author_position())


def kubernetes_resource_delete_op(
    name: Any, kind: str, namespace: str | None = None, flags: list[str] | None = None
) -> ContainerOp:
    """Make a task that deletes a Kubernetes object, when there is one of that name.

    Args:
        name: The object's name; may be an output.
        kind: Its kind.
        namespace: Its namespace; that of the run unless given.
        flags: Further flags of kubectl.
    """
    command = ["kubectl", "delete", str(kind), str(name), "--ignore-not-found", "--output", "name"]
    if namespace:
        command += ["--namespace", str(namespace)]
    return ContainerOp("kubernetes_resource_delete", "gcr.io/cloud-builders/kubectl", [*command, *(flags or ())])
