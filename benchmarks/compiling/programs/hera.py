"""The pipelines as Hera has them, in two forms: one template for all tasks of a function, or a template a task.

Hera reads annotations as they are, so they aren't postponed here.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hera.workflows import (  # type: ignore[import-not-found]  # it has an environment of its own
    DAG,
    Parameter,
    Script,
    Task,
    Workflow,
    script,
)
from hera.workflows.models import ValueFrom  # type: ignore[import-not-found]  # as above

from benchmarks.compiling.programs import child

IMAGE = "python:3.11"
OUTPUTS = [Parameter(name="Output", value_from=ValueFrom(path="/tmp/output"))]


# Hera takes a function's text, and the text writes its output itself.
def add(a: float, b: float) -> None:
    """Add two numbers."""
    with open("/tmp/output", "w") as file:  # noqa: PTH123  (no import in the body: Hera takes it alone)
        file.write(str(a + b))


def gather(values: str) -> None:
    """Count some numbers."""
    with open("/tmp/output", "w") as file:  # noqa: PTH123  (as above)
        file.write(str(len(values.split())))


SHARED: dict[Callable[..., None], Any] = {
    function: script(image=IMAGE, outputs=OUTPUTS)(function) for function in (add, gather)
}


class Tasks:
    """Makes the tasks of one workflow, numbered.

    Args:
        shared: Whether the tasks of a function have one template.
    """

    def __init__(self, *, shared: bool) -> None:
        self._shared = shared
        self._count = 0

    def make(self, function: Callable[..., None], **arguments: str) -> Any:
        """Return a task that calls a function."""
        self._count += 1
        name = f"{function.__name__}-{self._count}"
        if self._shared:
            return SHARED[function](name=name, arguments=arguments)
        template = Script(name=name, image=IMAGE, source=function, outputs=OUTPUTS)
        return Task(name=name, template=template, arguments=arguments)


def output(task: Any) -> str:
    """Return the expression that stands for a task's output."""
    return f"{{{{tasks.{task.name}.outputs.parameters.Output}}}}"


def chain(tasks: Tasks, count: int) -> None:
    """Make tasks that take the output of the one before."""
    task = tasks.make(add, a="{{workflow.parameters.x}}", b="2")
    for _ in range(count - 1):
        before, task = task, tasks.make(add, a=output(task), b="2")
        before >> task


def fan(tasks: Tasks, count: int) -> None:
    """Make tasks that take the output of the first, and a last that takes all of theirs."""
    first = tasks.make(add, a="{{workflow.parameters.x}}", b="2")
    middle = [tasks.make(add, a=output(first), b="2") for _ in range(count - 2)]
    first >> middle
    # By name: tasks themselves are each looked for among those before.
    [task.name for task in middle] >> tasks.make(gather, values=" ".join(map(output, middle)))


def compile_into(shape: str, count: int, form: str, file: Path) -> None:
    """Compile a pipeline into a file."""
    arguments = [Parameter(name="x", value="1")]
    with Workflow(generate_name=f"{shape}-", entrypoint=shape, arguments=arguments) as workflow, DAG(name=shape):
        {"chain": chain, "fan": fan}[shape](Tasks(shared=form == "shared"), count)
    file.write_text(workflow.to_yaml())


child.run(compile_into)
