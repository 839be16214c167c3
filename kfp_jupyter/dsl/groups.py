"""Groups of tasks: ``with dsl.Condition(...)``, ``with dsl.ParallelFor(...)`` and the others.

Source: ``kfp/dsl/_ops_group.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

from kfp_jupyter.components.structures import TaskSpec
from kfp_jupyter.dsl.base_op import BaseOp, not_a_task, task_outside
from kfp_jupyter.dsl.conditions import AllOf, AnyOf, Comparison, Not, Test
from kfp_jupyter.dsl.kubernetes_types import text_of
from kfp_jupyter.dsl.loop_arguments import LoopArguments
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.tracing import note, required_trace
from kfp_jupyter.errors import PipelineError, Position, author_position

if TYPE_CHECKING:
    from typing_extensions import Self


class OpsGroup:
    """A group of tasks and groups.

    Args:
        group_type: One of pipeline, exit_handler, condition, for_loop, subgraph, graph.
        name: Part of its name in the Workflow.
        parallelism: How many of its pods may run at once; None for no limit.

    Example:
        heads = dsl.Condition(prepare().output == "heads")
        with heads:
            train()
        deploy("model").after(heads)
    """

    def __init__(self, group_type: str, name: str | None = None, parallelism: int | None = None) -> None:
        self.type = group_type
        self.name = name
        self.parallelism = parallelism
        self.ops: list[BaseOp] = []
        self.groups: list[OpsGroup] = []
        self.dependencies: list[Any] = []
        self.recursive_ref: OpsGroup | None = None
        self.position: Position | None = author_position()

    def __enter__(self) -> Any:
        trace = required_trace(f"A {type(self).__name__}")
        self.recursive_ref = self._enclosing()
        if self.recursive_ref is None:
            parts = (self.type, *([self.name] if self.name else []), str(trace.next_group_id()))
            self.name = "-".join(parts).replace("_", "-")
        trace.groups[-1].groups.append(self)
        trace.groups.append(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        required_trace(f"A {type(self).__name__}").groups.pop()

    def after(self, *ops: Any) -> Self:
        """Start the group only after other tasks or groups have finished; return it."""
        for op in ops:
            if not isinstance(op, (BaseOp, OpsGroup)):
                raise not_a_task(f"the group {self.name!r}", op)
            self.dependencies.append(op)
        return self

    def remove_op_recursive(self, op: BaseOp) -> None:
        """Remove a task from the group, or from a group inside it."""
        self.ops = [other for other in self.ops if other is not op]
        for group in self.groups:
            group.remove_op_recursive(op)

    def _enclosing(self) -> OpsGroup | None:
        """The group that this one repeats: only a graph can, see `Graph`."""
        return None


class SubGraph(OpsGroup):
    """A group that limits how many of its pods run at the same time.

    Args:
        parallelism: The limit, at least 1.

    Example:
        with dsl.SubGraph(parallelism=2):
            train()
            prepare()
    """

    TYPE_NAME = "subgraph"

    def __init__(self, parallelism: int) -> None:
        super().__init__(self.TYPE_NAME, parallelism=_positive(parallelism, 1, "SubGraph"))


class ExitHandler(OpsGroup):
    """Tasks that are followed by an exit task, whether they succeed or fail.

    Args:
        exit_op: The task that runs at the end; it may not depend on others.
        name: The name to display.

    Example:
        with dsl.ExitHandler(clean_up()):
            train()
    """

    def __init__(self, exit_op: BaseOp, name: str | None = None) -> None:
        super().__init__("exit_handler")
        trace = required_trace("An ExitHandler")
        if isinstance(exit_op, TaskSpec):
            raise task_outside("the exit handler")
        if not isinstance(exit_op, BaseOp):
            raise PipelineError(
                f"The exit handler was given {exit_op!r:.80}, which is not a task.",
                remedy="Call a component first and pass the task.",
                position=self.position,
            )
        if exit_op.dependent_names:
            raise PipelineError(
                f"The exit task {exit_op.name!r} waits for other tasks, but it runs after everything else.",
                remedy="Remove its .after().",
                position=self.position,
            )
        self.display_name = name
        self.exit_op = exit_op
        for group in trace.groups:
            group.remove_op_recursive(exit_op)
        exit_op.is_exit_handler = True


class Condition(OpsGroup):
    """Tasks that run only when a condition is true.

    Args:
        condition: A comparison such as ``task.output == "heads"``, or ``and``, ``or``, ``not`` of such.
        name: Part of the group's name.

    Example:
        with dsl.Condition(train().outputs["accuracy"] > 0.9):
            deploy("model")
    """

    def __init__(self, condition: Any, name: str | None = None) -> None:
        text = text_of(name, "the name of the condition") if name else ""
        super().__init__("condition", re.sub("[^-_0-9A-Za-z]+", "-", text).strip("-") or None)
        if not isinstance(condition, Test):
            raise PipelineError(
                f"The condition is {condition!r:.80}, which doesn't depend on the run of the pipeline.",
                remedy="Compare a pipeline parameter or a task's output, such as `task.output == 'yes'`.",
                position=self.position,
            )
        if isinstance(condition, (AllOf, AnyOf, Not)):
            note("This condition is compiled as written; the KFP v1 SDK would drop a part of it.")
        self.condition: Test = condition


class Graph(OpsGroup):
    """One call of a `dsl.graph_component`. A call inside itself is a recursion.

    Args:
        name: Name of the function.
        arguments: Its arguments by parameter name.
        function: The function.
    """

    def __init__(self, name: str, arguments: dict[str, PipelineParam], function: Callable[..., Any]) -> None:
        super().__init__("graph", name)
        self.function_name = name
        self._code = getattr(function, "__code__", function)
        self.arguments = arguments
        self.inputs = list(arguments.values())
        self.outputs: dict[str, PipelineParam] = {}

    def _enclosing(self) -> OpsGroup | None:
        groups = required_trace("A graph component").groups
        # KFP v1 compares the names, and takes another function of that name for the same.
        return next((g for g in groups if isinstance(g, Graph) and g._code is self._code), None)


class ParallelFor(OpsGroup):
    """Tasks that run in parallel, once for each item.

    Args:
        loop_args: A list of values or of mappings with the same keys, or a parameter or output with such a list as
            JSON.
        parallelism: How many items run at once; None or 0 for no limit.

    Example:
        with dsl.ParallelFor([0.1, 0.01]) as rate:
            train(rate)
    """

    TYPE_NAME = "for_loop"

    def __init__(self, loop_args: Any, parallelism: int | None = None) -> None:
        super().__init__(self.TYPE_NAME, parallelism=_positive(parallelism or 0, 0, "ParallelFor"))
        self.loop_args = self._item(loop_args)

    def _item(self, loop_args: Any) -> LoopArguments:
        if isinstance(loop_args, PipelineParam):
            task, name = loop_args._ref
            return LoopArguments(loop_args, f"{name}-loop-item", task)
        if not isinstance(loop_args, (list, tuple)) or not loop_args:
            raise PipelineError(
                f"The loop can't iterate over {loop_args!r:.80}." if loop_args else "The loop has no items.",
                remedy="Pass a list with items, or a parameter or output that holds one as JSON.",
                position=self.position,
            )
        number = required_trace("A ParallelFor").next_group_id()
        return LoopArguments(list(loop_args), f"loop-item-param-{number}")

    def __enter__(self) -> LoopArguments:
        super().__enter__()
        return self.loop_args


def _positive(number: int, least: int, what: str) -> int:
    if not isinstance(number, int) or number < least:
        raise PipelineError(
            f"The parallelism of {what} can't be {number!r}.",
            remedy=f"Pass a whole number of at least {least}.",
            position=author_position(),
        )
    return number


def comparisons(test: Test) -> list[Comparison]:
    """Return the comparisons in a condition, in order."""
    if isinstance(test, Comparison):
        return [test]
    parts = (test.part,) if isinstance(test, Not) else test.parts if isinstance(test, (AllOf, AnyOf)) else ()
    return [comparison for part in parts for comparison in comparisons(part)]
