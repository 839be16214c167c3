"""Argo's own containers (init, wait) failed: loading inputs, saving outputs, reporting results.

Source of the messages: https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/executor/executor.go
"""

from __future__ import annotations

import re

from kfp_jupyter.engines.argo.diagnosis.step_facts import Reason, StepFacts, role_commands
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.printable import tidy

_ENDED = re.compile(r"^([-\w]+): (\w+) \(exit code (\d+)\)(?:: (.*))?$", re.DOTALL)
_LOADED = re.compile(r"artifact (\S+) failed to load: (.*)|failed to load artifact '([^']+)': (.*)", re.DOTALL)
_NOT_SUPPLIED = re.compile(r"required artifact '([^']+)' not supplied")
_NOT_WRITTEN = re.compile(r"open /var/run/argo/outputs/(parameters|artifacts)(/[^:;]*): no such file or directory")
_PUT = re.compile(r"failed to put (?:file|directory): ([^;]*)")
_TOO_LARGE = re.compile(r"request is too large|[Rr]equest entity too large|larger than max|ResourceExhausted")
"""What the API server, or its store, says of an object that is too large."""

_REPORT = re.compile(r'workflowtaskresults\.argoproj\.io.* is forbidden: User "system:serviceaccount:([^:"]+):([^"]+)"')
_RIGHT = re.compile(
    r'([\w.-]{1,300}) is forbidden: User "system:serviceaccount:([^:"]+):([^"]+)" cannot (\S+) resource "([^"]+)"'
    r'(?: in API group "([^"]*)")?(?: in the namespace "([^"]+)"| at the (cluster) scope)?'
)
_GONE = re.compile(r"specified key does not exist|NoSuchKey|no such key|\b404\b|not found", re.IGNORECASE)
_MISSING_FILE = re.compile(r"(\S{1,1000}) no such file or directory")


def diagnose_executor(facts: StepFacts) -> Reason | None:
    """Return what one of Argo's own containers couldn't do for a step."""
    found = _ENDED.match(facts.words)
    if not found:
        return None
    container, said = found[1], found[4] or ""
    if report := _REPORT.search(said):
        return _unreported(*report.groups())
    if container == "init":
        return _init(facts, said)
    if container == "wait":
        return _wait(facts, said)
    if right := _RIGHT.search(said):
        return _refused(right)
    return None


def _unreported(namespace: str, account: str) -> Reason:
    commands = role_commands(
        "argo-workflowtaskresults", "create,patch", "workflowtaskresults.argoproj.io", account, namespace
    )
    return Reason(
        f"The step ran, but its service account {account!r} may not report to Argo (create workflowtaskresults in the "
        f"namespace {namespace!r}).",
        f"An administrator can allow it: {commands}",
    )


def _init(facts: StepFacts, said: str) -> Reason:
    if missing := _NOT_SUPPLIED.search(said):
        return Reason(
            f"The step needs the input artifact {missing[1]!r}, which no step supplies.",
            "Pass it in the pipeline; the step that produces it may have been skipped.",
        )
    loaded = _LOADED.search(said)
    if not loaded:
        return Reason(f"Argo couldn't prepare the step (its container init): {tidy(said) or 'it gave no reason'}.")
    name, cause = loaded[1] or loaded[3], loaded[2] or loaded[4]
    told = f"The input artifact {name!r} couldn't be loaded"
    if _GONE.search(cause) and "lookup" not in cause and "secret" not in cause:
        where = _place(facts, name)
        return Reason(
            f"{told}: the store has no such object{where}.",
            "It was never saved or has been deleted: run the step that produces it again.",
            sure=bool(facts.template),
        )
    return Reason(
        f"{told}: {tidy(cause)}.", "Check that the cluster can reach the artifact store, and the store's credentials."
    )


def _place(facts: StepFacts, name: str) -> str:
    artifacts = entries(facts.template, "inputs", "artifacts")
    keys = [str((a.get("s3") or section(a, "gcs")).get("key") or "") for a in artifacts if a.get("name") == name]
    return f" {keys[0]!r}" if keys and keys[0] and "{{" not in keys[0] else ""


def _wait(facts: StepFacts, said: str) -> Reason | None:
    if _TOO_LARGE.search(said):
        return Reason(
            "An output of the step is too large for a parameter: the cluster stores about 1 MB of parameters in all.",
            "Pass it as a file: OutputPath(…) in the step that produces it, InputPath(…) in the step that reads it.",
        )
    missing = [(kind, path.removesuffix(".tgz")) for kind, path in _NOT_WRITTEN.findall(said)]
    if not missing and (other := _MISSING_FILE.search(said)) and "combined" not in said:
        missing = [("artifacts", other[1])]
    if missing:
        listed = ", ".join(_output(facts, kind, path) for kind, path in missing)
        return Reason(
            f"The step ended well but didn't write its output {listed}.",
            "Make the program write that file even if it has no content.",
            sure=bool(facts.template),
        )
    if put := _PUT.search(said):
        return Reason(
            f"The outputs of the step couldn't be saved: {tidy(put[1])}.",
            "Check that the cluster can reach the artifact store, and the store's bucket and credentials.",
        )
    return Reason(
        f"Argo couldn't collect the step's outputs (its container wait): {tidy(said) or 'it gave no reason'}."
    )


def _output(facts: StepFacts, kind: str, path: str) -> str:
    """Return an output's name and the file that wasn't written."""
    outputs = entries(facts.template, "outputs", kind)
    for output in outputs:
        if path in (output.get("path"), section(output, "valueFrom").get("path")):
            return f"{output['name']!r} ({path})"
    return path


def _refused(right: re.Match[str]) -> Reason:
    _, namespace, account, verb, resource, group, _, cluster = right.groups()
    full = f"{resource}.{group}" if group else resource
    told = f"The step's service account {account!r} may not {verb} {full}"
    if cluster:
        name = f"{account}-{resource}"
        commands = (
            f"kubectl create clusterrole {name} --verb={verb} --resource={full} && kubectl create clusterrolebinding "
            f"{name} --clusterrole={name} --serviceaccount={namespace}:{account}"
        )
        return Reason(f"{told} in the whole cluster.", f"An administrator can allow it: {commands}")
    where = right[7] or namespace
    commands = role_commands(f"{account}-{resource}", verb, full, account, where)
    return Reason(f"{told} in the namespace {where!r}.", f"An administrator can allow it: {commands}")
