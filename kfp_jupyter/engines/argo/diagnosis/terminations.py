"""What ended a step's program or its pod.

Sources of the messages: https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/kubelet/eviction/helpers.go,
``inferFailedReason`` in https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/controller/operator.go and
https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-conditions
"""

from __future__ import annotations

import re
import signal

from kfp_jupyter.engines.argo.diagnosis.step_facts import STATUSES, Reason, StepFacts
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.printable import tidy

_ENDED = re.compile(r"^(?:([-\w]+): )?(\w+) \(exit code (\d+)\)(?:: (.*))?$", re.DOTALL)
_NO_PROGRAM = re.compile(r'exec: "([^"]+)": (executable file not found|permission denied|no such file)')
_STORAGE = re.compile(r"ephemeral local storage usage exceeds the total limit of containers ([^\s.]+)")
_CONTAINER_STORAGE = re.compile(r'Container (\S+) exceeded its local ephemeral storage limit "([^"]+)"')
_EMPTY_DIR = re.compile(r'Usage of EmptyDir volume "([^"]+)" exceeds the limit "([^"]+)"')
_PRESSURE = re.compile(r"node (?:was low on resource|had condition): \[?([-\w]+)\]?")
_USING = re.compile(r"Container main was using ([^\s,]+)")
_DEADLINES = ("Pod was active on the node longer than the specified deadline", "Step exceeded its deadline", "timeout")
_DISRUPTIONS = {
    "PreemptionByScheduler": "A pod of higher priority preempted the step's pod.",
    "DeletionByTaintManager": "The step's node failed or was taken out of service.",
    "EvictionByEvictionAPI": "The step's pod was evicted from its node, which is being drained.",
    "DeletionByPodGC": "The step's node was removed from the cluster.",
    "TerminationByKubelet": "The step's node terminated the pod: it is shutting down or short of resources.",
}
_AGAIN = "Retry the run; a retry strategy on the step does so automatically."


def diagnose_lost_pod(facts: StepFacts) -> Reason | None:
    """Return why a step's pod was lost."""
    if facts.waits:
        return None
    return _evicted(facts) or _disrupted(facts) or _gone(facts)


def _disrupted(facts: StepFacts) -> Reason | None:
    for condition in entries(facts.status, "conditions"):
        if condition.get("type") == "DisruptionTarget" and condition.get("status") == "True":
            known = _DISRUPTIONS.get(str(condition.get("reason")))
            return Reason(known or f"The step's pod was disrupted: {tidy(str(condition.get('message')))}.", _AGAIN)
    return None


def _gone(facts: StepFacts) -> Reason | None:
    why = str(facts.status.get("reason") or "")
    if why in ("NodeLost", "NodeShutdown", "Shutdown", "Terminated"):
        return Reason("The step's node was lost or shut down while it ran.", _AGAIN)
    if why.startswith("OutOf"):
        return Reason("The step's node had no free resources left when the pod arrived.", _AGAIN)
    if facts.words == "pod deleted":
        return Reason("The step's pod was deleted while it ran.", _AGAIN)
    return None


def deadline_of(facts: StepFacts) -> Reason | None:
    """Return which deadline a step exceeded."""
    if facts.waits or facts.words not in _DEADLINES:
        return None
    own, whole = (fields.get("activeDeadlineSeconds") for fields in (facts.template, facts.spec))
    if facts.words == "timeout" or (facts.template.get("timeout") and not own and not whole):
        limit = f" of {facts.template['timeout']}" if facts.template.get("timeout") else ""
        return Reason(f"The step exceeded its timeout{limit}.", "Increase the timeout.", sure=bool(facts.template))
    # Argo gives the pod what is left of the workflow's time where that is less than the step's own.
    left = facts.pod_spec.get("activeDeadlineSeconds")
    runs = whole and (not own or (left or own) < own)
    if runs or facts.words == _DEADLINES[1]:
        limit = f" of {whole} s" if whole else ""
        return Reason(
            f"The run exceeded its deadline{limit} (activeDeadlineSeconds) before this step had ended.",
            "Increase the run's deadline: dsl.get_pipeline_conf().set_timeout(…).",
            sure=bool(facts.spec),
        )
    limit = f" of {own} s" if own else ""
    return Reason(
        f"The step exceeded its deadline{limit} (activeDeadlineSeconds), which includes pulling its image and "
        "loading its inputs.",
        "Increase its deadline: set_timeout(…) on the step.",
        sure=bool(facts.spec),
    )


def diagnose_exit(facts: StepFacts) -> Reason | None:
    """Return the reason behind a step's exit code, unless the code is the program's own."""
    found = _ENDED.match(facts.words)
    if facts.waits or not found:
        return None
    container, why, code, said = found[1] or "main", found[2], int(found[3]), found[4] or ""
    if why == "OOMKilled" or _killed_for_memory(facts, container):
        return _memory(facts, container)
    if (program := _NO_PROGRAM.search(said)) or why in ("StartError", "ContainerCannotRun"):
        return _no_program(facts, program) if program else _not_started(said)
    if container not in ("main", "init", "wait") and code not in (0, 137, 143):
        return _other_container(facts, container, code)
    return _by_code(facts, code) if container == "main" else None


def _not_started(said: str) -> Reason:
    if "argument list too long" in said:
        return Reason(
            "An argument of the step is too long for its command line: Linux allows 128 KiB for each.",
            "Pass it as a file: OutputPath(…) in the step that produces it, InputPath(…) in this one.",
        )
    return Reason(f"The step's container couldn't be started: {tidy(_cause(said))}.", "Check the step's command.")


def _other_container(facts: StepFacts, name: str, code: int) -> Reason | None:
    """Return what it means that a container of the author's, which isn't the step's own, has failed."""
    if any(container.get("name") == name for container in entries(facts.template, "initContainers")):
        return Reason(
            f"The step's program did not start: the container {name!r} before it ended with exit code {code}."
        )
    if facts.container(name):
        return Reason(f"The container {name!r} next to the step's own ended with exit code {code}.")
    if facts.template:
        return None
    return Reason(f"The step's container {name!r} ended with exit code {code}.", sure=False)


def _memory(facts: StepFacts, container: str) -> Reason:
    limit = ((facts.container(container).get("resources") or {}).get("limits") or {}).get("memory")
    which = "The step" if container == "main" else f"The step's container {container!r}"
    if limit:
        return Reason(
            f"{which} used more memory than its limit of {limit} and was killed.",
            "Raise it with set_memory_limit(…), or make the program use less.",
        )
    known = bool(facts.container(container))
    why = "its node had no memory left" if known else "its limit or its node's memory was exhausted"
    return Reason(
        f"{which} ran out of memory and was killed: {why}.",
        "Set a memory request and limit on the step, or make the program use less.",
        sure=known,
    )


def _killed_for_memory(facts: StepFacts, container: str) -> bool:
    for key in STATUSES:
        for status in entries(facts.status, key):
            ended = section(status, "state", "terminated")
            if status.get("name") == container and ended.get("reason") == "OOMKilled":
                return True
    return False


def _no_program(facts: StepFacts, found: re.Match[str]) -> Reason:
    image = facts.container().get("image")
    where = f" in the image {image!r}" if image else " in the step's image"
    if found[2] == "permission denied":
        sentence, remedy = f"{found[1]!r}{where} is not executable.", "Make it executable, or correct"
        return Reason(sentence, f"{remedy} the command.", sure=bool(image))
    remedy = "Correct the step's command, or use another image."
    return Reason(f"There is no program {found[1]!r}{where}.", remedy, sure=bool(image))


def _by_code(facts: StepFacts, code: int) -> Reason | None:
    if code == 126:
        return Reason(
            "The step's shell found a command but couldn't execute it (exit code 126).",
            "Make the file executable, or correct the command.",
        )
    if code == 127:
        return Reason(
            "The step's shell didn't find a command (exit code 127).",
            "The log names it: install it in the image, or correct the command.",
        )
    if code == 137:
        return Reason(
            "The step's program was killed from outside (exit code 137, SIGKILL).",
            "Memory is the usual cause: check whether it needs more. Otherwise the node or a user killed it.",
            sure=facts.pod is not None,
        )
    if code == 143:
        return Reason(
            "The step's program was terminated (exit code 143, SIGTERM).",
            "The pod was deleted, its node was drained, or the program sent itself the signal.",
            sure=facts.pod is not None,
        )
    return _by_signal(code)


def _by_signal(code: int) -> Reason | None:
    if code == 139:
        return Reason(
            "The step's program crashed (exit code 139, segmentation fault).",
            "A native library is the usual cause: check that its version fits the image.",
        )
    if code == 134:
        return Reason("The step's program aborted (exit code 134, SIGABRT).", "The end of its log says why.")
    if not 128 < code <= 128 + 31:
        return None
    try:
        name = signal.Signals(code - 128).name
    except ValueError:
        return None
    return Reason(f"The step's program was killed by {name} (exit code {code}).")


def _evicted(facts: StepFacts) -> Reason | None:
    said = str(facts.status.get("message") or facts.words)
    raise_limit = "Raise the ephemeral-storage limit of the step, or write less outside its volumes."
    if found := _CONTAINER_STORAGE.search(said):
        return Reason(f"The step wrote more to its disk than its limit of {found[2]}, and was evicted.", raise_limit)
    if found := _STORAGE.search(said):
        return Reason(f"The step wrote more to its disk than its limit of {found[1]}, and was evicted.", raise_limit)
    if found := _EMPTY_DIR.search(said):
        return Reason(
            f"The step wrote more to its volume {found[1]!r} than its limit of {found[2]}, and was evicted.",
            "Raise the volume's size limit, or write less.",
        )
    if found := _PRESSURE.search(said):
        using = _USING.search(said)
        used = f"; the step used {using[1]}" if using else ""
        return Reason(
            f"The step was evicted: its node ran out of {found[1]}{used}.",
            f"Request as much {found[1]} as the step needs, so that it is scheduled to a node that has it.",
        )
    return Reason(f"The step was evicted: {tidy(said)}.", _AGAIN) if facts.status.get("reason") == "Evicted" else None


def _cause(said: str) -> str:
    """Return what a container runtime says at the bottom of its chain."""
    return said.removesuffix(": unknown").rpartition("container init: ")[2].rpartition("container process: ")[2]
