"""What a run is: its state, its metrics, its visualisations. Knows nothing of where it runs."""

from kfp_jupyter.runs.metrics import Metric, parse_metrics
from kfp_jupyter.runs.state import NodeState, Phase, RunState, Trouble
from kfp_jupyter.runs.ui_metadata import UIOutput, parse_ui_metadata
from kfp_jupyter.runs.workflow import parse_workflow

__all__ = [
    "Metric",
    "NodeState",
    "Phase",
    "RunState",
    "Trouble",
    "UIOutput",
    "parse_metrics",
    "parse_ui_metadata",
    "parse_workflow",
]
