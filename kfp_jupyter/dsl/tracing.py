"""Running a pipeline function to find out what it makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from kfp_jupyter.components.component import Component, task_maker
from kfp_jupyter.dsl.container_op import ContainerOp
from kfp_jupyter.errors import PipelineError, author_position
from kfp_jupyter.naming import k8s_name, unique_name


class Trace:
    """What a pipeline function has made so far."""

    def __init__(self) -> None:
        self.ops: dict[str, ContainerOp] = {}

    def make_task(self, component: Component, arguments: Mapping[str, Any]) -> ContainerOp:
        """Make a task of a component, under a name that no other task of the pipeline has."""
        name = unique_name(k8s_name(component.name) or "task", self.ops)
        op = ContainerOp(name, component, arguments)
        for reference in op.references():
            if reference.task and reference.task not in self.ops:
                raise PipelineError(
                    f"An argument of component {component.name!r} is an output of the task {reference.task!r}, "
                    "which is not in this pipeline.",
                    remedy="Make the task inside the pipeline function.",
                    position=author_position(),
                )
        self.ops[name] = op
        return op


_trace: ContextVar[Trace | None] = ContextVar("kfp_jupyter_trace", default=None)


@contextmanager
def tracing() -> Iterator[Trace]:
    """Let every component called inside make a task of the trace that is yielded."""
    trace = Trace()
    tokens = _trace.set(trace), task_maker.set(trace.make_task)
    try:
        yield trace
    finally:
        _trace.reset(tokens[0])
        task_maker.reset(tokens[1])


def current_trace() -> Trace | None:
    """Return the trace of the pipeline that is being traced in this context; None outside of one."""
    return _trace.get()
