"""Runs and steps that a person stopped. Argo has no phase for them: they are Failed, and only their message tells."""

from __future__ import annotations

from kfp_jupyter.runs import NodeState, RunState

NODE_STOPPED = "workflow shutdown with strategy"
"""What Argo, and every engine here, writes to a step that was at work when people stopped the run."""

RUN_STOPPED = "Stopped with strategy"
"""What the run itself says then; the strategy follows, ``'Terminate'`` or ``'Stop'``."""


def stopped_node(node: NodeState) -> bool:
    """Whether the step ended because its run was stopped."""
    return node.phase.bad and node.message.startswith(NODE_STOPPED)


def stopped_run(state: RunState) -> bool:
    """Whether the run ended because a person stopped it."""
    return state.phase.bad and state.message.startswith(RUN_STOPPED)
