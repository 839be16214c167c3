"""What all tasks share: their place in the pipeline, and KFP v1's methods for the settings of their pod.

Source: ``BaseOp`` in ``kfp/dsl/_container_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kfp_jupyter.components.component import python_name
from kfp_jupyter.components.structures import TaskSpec
from kfp_jupyter.dsl.container import UserContainer, one_of
from kfp_jupyter.dsl.kubernetes_types import number_or_text, text_of, whole_number
from kfp_jupyter.dsl.notes import Note, show
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.to_json import params_in
from kfp_jupyter.dsl.tracing import current_trace
from kfp_jupyter.errors import PipelineError, author_line, author_position
from kfp_jupyter.naming import k8s_name

if TYPE_CHECKING:
    from typing_extensions import Self


RETRY_POLICIES = ("Always", "OnError", "OnFailure", "OnTransientError")


@functools.lru_cache(maxsize=10_000)
def _task_name(name: str) -> str:
    return k8s_name(python_name(name).replace("_", "-"))


def _outside(name: str) -> str:
    """Warn of a task that was made outside a pipeline, and return a name that no task of a pipeline can have."""
    message = (
        f"The task {name!r} was made outside a pipeline, so no pipeline runs it. Make it inside the pipeline function."
    )
    show((Note(message, author_position()),))
    return f"{_task_name(name)} (not in a pipeline)"


def _register_op_handler(op: BaseOp) -> str:
    """Add a task to the pipeline that is being traced, and return its name there.

    Add-ons replace this function to make a task that is not in a pipeline.
    """
    trace = current_trace()
    return trace.add_op(op, _task_name(op.human_name)) if trace else _outside(op.human_name)


class BaseOp:
    """A task of the pipeline that is being traced. A task made outside a pipeline is in none, and a warning says so.

    Args:
        name: Its name; a number is added if another task has the same name.
        init_containers: Containers that run before its own.
        sidecars: Containers that run beside its own.
        is_exit_handler: Ignored; use `dsl.ExitHandler`.

    Example:
        train().after(prepare()).set_display_name("Train").set_retry(2)
    """

    output: Any
    display_name: str | None = None
    num_retries: Any = 0
    retry_policy: str | None = None
    backoff_factor: Any = None
    backoff_duration: Any = None
    backoff_max_duration: Any = None
    timeout: int = 0
    enable_caching: Any = True

    def __init__(
        self,
        name: str,
        init_containers: list[UserContainer] | None = None,
        sidecars: list[UserContainer] | None = None,
        is_exit_handler: bool = False,
    ) -> None:
        name = text_of(name, "the name of a task")
        self.human_name = name
        self.name = _register_op_handler(self)
        self.line = author_line()
        self.is_exit_handler = is_exit_handler
        self.node_selector: dict[Any, Any] = {}
        self.volumes: list[Any] = []
        self.tolerations: list[Any] = []
        self.affinity: Any = {}
        self.pod_annotations: dict[Any, Any] = {}
        self.pod_labels: dict[Any, Any] = {}
        self.init_containers = list(init_containers or ())
        self.sidecars = list(sidecars or ())
        self.dependent_names: list[str] = []
        self.outputs: dict[str, PipelineParam] = {}

    @property
    def inputs(self) -> list[PipelineParam]:
        """The parameters, outputs and loop items that the task uses, each once."""
        return params_in(self._fields(), f"the task {self.name!r}")

    def _fields(self) -> list[Any]:
        """All settings that may contain a parameter."""
        pod = [self.node_selector, self.tolerations, self.affinity, self.pod_annotations, self.pod_labels]
        return [*pod, self.init_containers, self.sidecars, self.volumes, self.num_retries]

    def __repr__(self) -> str:
        return f"<task {self.name!r}>"

    def apply(self, mod_func: Callable[[Any], Any]) -> Self:
        """Apply a function to the task; return its result, or the task if that is None."""
        return mod_func(self) or self

    def after(self, *ops: Any) -> Self:
        """Start this task only after other tasks or groups have finished; return it."""
        for op in ops:
            name = getattr(op, "name", None)
            if isinstance(op, (str, PipelineParam)) or not isinstance(name, str):
                raise not_a_task(f"the task {self.name!r}", op)
            self.dependent_names.append(name)
        return self

    def _text(self, kind: str, name: Any, value: Any) -> Any:
        return text_of(value, f"the {kind} {name!r} of the task {self.name!r}")

    def add_volume(self, volume: Any) -> Self:
        """Add a volume to the pod, a V1Volume; return the task."""
        self.volumes.append(volume)
        return self

    def add_toleration(self, tolerations: Any) -> Self:
        """Let the pod run on nodes with a taint, a V1Toleration; return the task."""
        self.tolerations.append(tolerations)
        return self

    def add_affinity(self, affinity: Any) -> Self:
        """Set the pod's affinity, a V1Affinity; return the task."""
        self.affinity = affinity
        return self

    def add_node_selector_constraint(self, label_name: Any, value: Any) -> Self:
        """Run the pod only on nodes with this label; both may be parameters. Return the task.

        Args:
            label_name: Name of the label.
            value: Its value.
        """
        self.node_selector[text_of(label_name, "the name of a node's label")] = self._text(
            "node selector", label_name, value
        )
        return self

    def add_pod_annotation(self, name: Any, value: Any) -> Self:
        """Add an annotation to the pod; return the task.

        Args:
            name: Name of the annotation.
            value: Its value.
        """
        self.pod_annotations[text_of(name, "the name of an annotation")] = self._text("annotation", name, value)
        return self

    def add_pod_label(self, name: Any, value: Any) -> Self:
        """Add a label to the pod; return the task.

        Args:
            name: Name of the label.
            value: Its value.
        """
        self.pod_labels[text_of(name, "the name of a label")] = self._text("label", name, value)
        return self

    def set_retry(
        self,
        num_retries: Any,
        policy: str | None = None,
        backoff_duration: str | int | None = None,
        backoff_factor: float | None = None,
        backoff_max_duration: str | int | None = None,
    ) -> Self:
        """Retry the task when it fails; return it.

        Args:
            num_retries: The most retries, or a parameter.
            policy: When to retry: Always, OnError, OnFailure or OnTransientError.
            backoff_duration: Time before the first retry, in seconds or with a unit (``2m``).
            backoff_factor: Factor of the time after each retry.
            backoff_max_duration: The longest such time.
        """
        if policy is not None:
            one_of(policy, RETRY_POLICIES, "retry policy")
        self.num_retries = (
            num_retries
            if isinstance(num_retries, PipelineParam)
            else number_or_text(num_retries, f"the num_retries of the task {self.name!r}")
        )
        self.retry_policy = policy
        self.backoff_duration = backoff_duration
        self.backoff_factor = backoff_factor
        self.backoff_max_duration = backoff_max_duration
        return self

    def set_timeout(self, seconds: int | str) -> Self:
        """Stop the task after this many seconds; return it."""
        self.timeout = whole_number(seconds, f"the timeout of the task {self.name!r}")
        return self

    def add_init_container(self, init_container: UserContainer) -> Self:
        """Add a container that runs before the task's own; return the task."""
        self.init_containers.append(init_container)
        return self

    def add_sidecar(self, sidecar: UserContainer) -> Self:
        """Add a container that runs beside the task's own; return the task."""
        self.sidecars.append(sidecar)
        return self

    def set_display_name(self, name: str) -> Self:
        """Set the name that is displayed instead of the task's; return the task."""
        self.display_name = text_of(name, f"the display name of the task {self.name!r}")
        return self

    def set_caching_options(self, enable_caching: Any) -> Self:
        """Set whether an earlier result of the same step may be used; may be a parameter. Return the task."""
        self.enable_caching = enable_caching
        return self


def task_outside(what: str) -> PipelineError:
    """Return the error of passing a task that was made outside the pipeline."""
    return PipelineError(
        f"{what[:1].upper()}{what[1:]} uses a task that was made outside the pipeline, or an output of one.",
        remedy="Make the task inside the pipeline function.",
        position=author_position(),
    )


def not_a_task(what: str, given: object) -> PipelineError:
    """Return the error of an ``after`` whose argument is neither a task nor a group.

    Args:
        what: The task or group whose ``after`` was called, for the message.
        given: What it was given.
    """
    if isinstance(given, TaskSpec):
        return task_outside(f".after() of {what}")
    return PipelineError(
        f".after() of {what} was given {given!r:.80}, which is not a task.",
        remedy="Pass the task that calling a component returns.",
        position=author_position(),
    )
