"""Steps and runs that wait although nothing is wrong: for locks, for pods that are being prepared.

Sources of the messages: https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/sync/semaphore.go
and https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/controller/controller.go
"""

from __future__ import annotations

import re

from kfp_jupyter.engines.argo.diagnosis.step_facts import PREPARING, SLOW_SECONDS, Reason, StepFacts
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.printable import tidy

_CONTROLLER = "%kfp doctor checks whether the controller is running."
_BEGUN = {"Running": "is running", "Succeeded": "has ended"}

_LOCK = re.compile(r"Waiting for (\S+?)/(Mutex|ConfigMap|Database)/(\S+) lock\.? ?(?:Lock status: (\d+)/(\d+))?")
_POSTPONED = re.compile(r"too many workflows are already running")
_TURN = "It starts automatically."
_PULLING = re.compile(r'Pulling image "([^"]+)"')
_BACK_OFF = re.compile(r"Backoff for|Retrying in|backoff", re.IGNORECASE)


def diagnose_waiting(facts: StepFacts) -> Reason | None:
    """Return why a step waits although nothing is wrong."""
    if not facts.waits:
        return None
    if lock := _lock(facts.words):
        return Reason(f"The step waits for {lock}, which other steps hold.", _TURN)
    if _BACK_OFF.search(facts.words):
        return Reason(f"The step is retried after a pause: {tidy(facts.words)}.")
    if facts.words not in PREPARING:
        return None
    return _behind(facts) if facts.status.get("phase") in _BEGUN else _preparing(facts)


def run_waits(message: str) -> str:
    """Return what a whole run waits for, as Argo's message tells it; empty where that isn't known."""
    if lock := _lock(message):
        return f"The run waits for {lock}, which other runs hold. {_TURN}"
    if _POSTPONED.search(message):
        return f"The run waits until others have ended: Argo's controller runs as many as it is allowed to. {_TURN}"
    return ""


def _lock(message: str) -> str:
    """Return the lock that Argo's message is about; empty for none."""
    found = _LOCK.search(message)
    if not found:
        return ""
    free = f" ({found[4]} of {found[5]} free)" if found[4] else ""
    return f"the {'mutex' if found[2] == 'Mutex' else 'semaphore'} {found[3]!r}{free}"


def _behind(facts: StepFacts) -> Reason | None:
    """Return why a step is Pending although its pod is not."""
    if not facts.is_overdue:
        return None
    does = _BEGUN[str(facts.status["phase"])]
    return Reason(f"The step's pod {does}, but Argo's controller hasn't recorded that yet.", _CONTROLLER, sure=False)


def _preparing(facts: StepFacts) -> Reason | None:
    for event in facts.events:
        if event.reason in ("Pulled", "Started", "Created"):
            break
        if event.reason == "Pulling" and (found := _PULLING.search(event.message)):
            return Reason(f"The image {found[1]!r} is being pulled.", sure=False)
    for status in entries(facts.status, "initContainerStatuses"):
        if "running" in section(status, "state"):
            return _init(facts, str(status.get("name")))
    if facts.events_hidden and facts.seconds > SLOW_SECONDS:
        return Reason(
            "The step's pod is being prepared; the reason for the delay is unknown, as your account may not list "
            "events.",
            facts.events_hidden,
            sure=False,
        )
    if facts.podless and facts.is_overdue and not facts.words:
        return Reason("The step has no pod yet; Argo's controller hasn't created it.", _CONTROLLER, sure=False)
    return None


def _init(facts: StepFacts, name: str) -> Reason | None:
    if name != "init":
        return Reason(f"The container {name!r} is running, before the step's own.", sure=False)
    inputs = [str(a["name"]) for a in entries(facts.template, "inputs", "artifacts")]
    if not inputs or facts.seconds <= SLOW_SECONDS / 2:
        return None
    return Reason(f"The inputs of the step are being loaded ({', '.join(inputs[:5])}).", sure=False)
