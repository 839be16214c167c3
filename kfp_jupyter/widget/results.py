"""What a finished step reported: metrics and visualisations, read through the engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TypeVar

from kfp_jupyter.engines.base import Engine, RunRef
from kfp_jupyter.errors import KfpJupyterError
from kfp_jupyter.runs import Metric, NodeState, UIOutput, metrics, parse_metrics, parse_ui_metadata, ui_metadata

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Results:
    """What a step reported.

    Attributes:
        metrics: Its numbers.
        outputs: What it asks to have drawn.
        problems: What could not be read, a sentence each.
    """

    metrics: tuple[Metric, ...] = ()
    outputs: tuple[UIOutput, ...] = ()
    problems: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.metrics or self.outputs or self.problems)


def has_results(node: NodeState) -> bool:
    """Whether a step may have something to read: it has finished with an artifact of such a name."""
    names = {*metrics.ARTIFACT_NAMES, *ui_metadata.ARTIFACT_NAMES}
    return node.phase.finished and not names.isdisjoint(node.output_artifacts)


def read_results(engine: Engine, run: RunRef, node: NodeState) -> Results:
    """Read what a finished step reported; problems are returned, never raised.

    Args:
        engine: Where the run is.
        run: The run.
        node: Node of the step.
    """
    problems: list[str] = []

    def read(names: tuple[str, ...], parse: Callable[[bytes], list[T]]) -> tuple[T, ...]:
        for name in names:
            if name in node.output_artifacts:
                try:
                    data = engine.read_artifact(run, node.id, name)
                    return tuple(parse(data)) if data.strip() else ()
                except KfpJupyterError as error:
                    problems.append(error.format_message())
        return ()

    numbers = read(metrics.ARTIFACT_NAMES, parse_metrics)
    outputs = read(ui_metadata.ARTIFACT_NAMES, parse_ui_metadata)
    return Results(numbers, outputs, tuple(problems))
