"""The recognisers in their order."""

from __future__ import annotations

from collections.abc import Sequence

from kfp_jupyter.engines.argo.diagnosis.admission import diagnose_refusal
from kfp_jupyter.engines.argo.diagnosis.executor import diagnose_executor
from kfp_jupyter.engines.argo.diagnosis.images import diagnose_image
from kfp_jupyter.engines.argo.diagnosis.scheduling import diagnose_scheduling
from kfp_jupyter.engines.argo.diagnosis.step_facts import Reason, Recogniser, StepFacts
from kfp_jupyter.engines.argo.diagnosis.terminations import deadline_of, diagnose_exit, diagnose_lost_pod
from kfp_jupyter.engines.argo.diagnosis.volumes import diagnose_volume
from kfp_jupyter.engines.argo.diagnosis.waiting import diagnose_waiting

RECOGNISERS: Sequence[Recogniser] = (
    diagnose_refusal,
    diagnose_lost_pod,
    deadline_of,
    diagnose_executor,
    diagnose_exit,
    diagnose_scheduling,
    diagnose_image,
    diagnose_volume,
    diagnose_waiting,
)
"""What the cluster reports comes before what an exit code suggests."""


def explain(facts: StepFacts) -> Reason | None:
    """Return why a step waits or failed; None where Argo's message says all, or nothing is known."""
    if not (facts.waits or facts.phase.bad):
        return None
    for recognise in RECOGNISERS:
        if reason := recognise(facts):
            return reason
    return None
