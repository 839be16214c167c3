"""What the view shows of an ended run without a click: the most relevant step, and the metrics of all steps."""

from __future__ import annotations

import collections
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kfp_jupyter.runs import Metric
from kfp_jupyter.widget.results import Results
from kfp_jupyter.widget.step_status import Statuses, compute_statuses
from kfp_jupyter.workflow.step_graph import StepGraph

if TYPE_CHECKING:
    from kfp_jupyter.widget.live_run import LiveRun


def step_to_highlight(graph: StepGraph, order: Sequence[str], live: LiveRun) -> str | None:
    """Return the step to show at the end: the first that failed, or the last with results.

    Args:
        graph: The pipeline.
        order: The paths of its steps as they are drawn.
        live: The run.
    """
    statuses = compute_statuses(graph, live.state)
    known = [(path, node) for path in order for _, node in statuses[path].nodes]
    bad = [(path, node) for path, node in known if node.phase.bad]
    failed = [path for path, _ in sorted(bad, key=lambda pair: pair[1].stopped)]
    reported = [path for path, node in known if live.results.get(node.id)]
    return failed[0] if failed else reported[-1] if reported else None


def metrics_by_step(graph: StepGraph, steps: Statuses, results: Mapping[str, Results]) -> dict[str, tuple[Metric, ...]]:
    """Return the metrics of each step, by the display name of the step and its iteration.

    Args:
        graph: The pipeline.
        steps: Status of each step, by path.
        results: What was read, by the node's id.
    """
    labels = {node.path: node.label for node in graph.nodes}
    many = collections.Counter(labels.values())
    names = {path: path if many[label] > 1 else label for path, label in labels.items()}
    read = [
        (f"{names[path]} ({iteration})" if iteration else names[path], results.get(node.id))
        for path, own in steps.items()
        for iteration, node in own.nodes
    ]
    return {name: found.metrics for name, found in read if found and found.metrics}
