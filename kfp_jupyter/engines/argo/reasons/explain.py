"""The recognisers in their order."""

from __future__ import annotations

from collections.abc import Sequence

from kfp_jupyter.engines.argo.reasons.admission import refused_of
from kfp_jupyter.engines.argo.reasons.case import Case, Reason, Recogniser
from kfp_jupyter.engines.argo.reasons.endings import deadline_of, ended_of, lost_of
from kfp_jupyter.engines.argo.reasons.executor import executor_of
from kfp_jupyter.engines.argo.reasons.images import image_of
from kfp_jupyter.engines.argo.reasons.scheduling import unscheduled_of
from kfp_jupyter.engines.argo.reasons.volumes import volume_of
from kfp_jupyter.engines.argo.reasons.waiting import waiting_of

RECOGNISERS: Sequence[Recogniser] = (
    refused_of,
    lost_of,
    deadline_of,
    executor_of,
    ended_of,
    unscheduled_of,
    image_of,
    volume_of,
    waiting_of,
)
"""What is told by the cluster itself before what is read from an exit code."""


def explain(case: Case) -> Reason | None:
    """Return why a step waits or failed; None where Argo's message says all, or nothing is known."""
    if not (case.waits or case.phase.bad):
        return None
    for recognise in RECOGNISERS:
        if reason := recognise(case):
            return reason
    return None
