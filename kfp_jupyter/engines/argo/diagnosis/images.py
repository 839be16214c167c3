"""The image of a step can't be pulled.

Sources of the messages: https://github.com/kubernetes/kubernetes/blob/v1.34.4/pkg/kubelet/images/image_manager.go
and https://github.com/argoproj/argo-workflows/blob/v3.7.4/workflow/controller/workflowpod.go
"""

from __future__ import annotations

import re

from kfp_jupyter.engines.argo.diagnosis.step_facts import Reason, StepFacts
from kfp_jupyter.printable import tidy

_HELD = frozenset(
    {
        "ErrImagePull",
        "ImagePullBackOff",
        "InvalidImageName",
        "ErrImageNeverPull",
        "ImageInspectError",
        "RegistryUnavailable",
        "SignatureValidationFailed",
    }
)
_NAMED = re.compile(r'(?:[Ii]mage|reference|couldn\'t parse image name) "([^"]+)"')
_SECRETS = re.compile(r"image pull secrets? \(([^)]*)\)|image pull secret (\S+)")
_NETWORK = re.compile(
    r"dial tcp|no such host|i/o timeout|connection refused|connection reset|TLS handshake|context deadline exceeded"
    r"|server misbehaving|no route to host|\bEOF\b",
)
_LOOKED_UP = re.compile(r'failed to look-up entrypoint/cmd for image "([^"]+)".*?: (\w[^ ]* .*)$', re.DOTALL)


def diagnose_image(facts: StepFacts) -> Reason | None:
    """Return why the image of a step can't be had."""
    if looked_up := _LOOKED_UP.search(facts.words):
        return Reason(
            f"Argo can't look up the entrypoint of the image {looked_up[1]!r}: {_cause_words(looked_up[2])}.",
            "Set the step's command; Argo then doesn't have to ask the image's registry.",
        )
    for container, reason, message in facts.waiting():
        if reason in _HELD:
            return _reason(facts, container, reason, message)
    return None


def _reason(facts: StepFacts, container: str, reason: str, message: str) -> Reason:
    named = _NAMED.search(message)
    image = str(facts.container(container).get("image") or (named[1] if named else "")) or "of the step"
    if reason == "InvalidImageName":
        return Reason(f"{image!r} is not a valid image name: {_last(message)}.", "Correct the image of the component.")
    if reason == "ErrImageNeverPull":
        return Reason(
            f"The node doesn't have the image {image!r}, and the step doesn't allow pulling it (imagePullPolicy: "
            "Never).",
            "Load the image on the nodes, or set another pull policy.",
        )
    cause = message
    if reason == "ImagePullBackOff" and "ErrImagePull" not in message:
        # Older clusters say here only that they wait before the next attempt.
        failed = facts.newest_event(frozenset({"Failed"}))
        cause = failed.message if failed and "pull image" in failed.message else ""
    return _pull(facts, image, cause)


def _pull(facts: StepFacts, image: str, cause: str) -> Reason:
    registry, told = _registry(image), f"The image {image!r} can't be pulled"
    if not cause:
        return Reason(f"{told}.", "Check its name, and that the cluster may pull it.", sure=False)
    fits = (words for pattern, words in _CAUSES.items() if pattern.search(cause))
    what, remedy = next(fits, (tidy(_last(cause)), "Check its name, and that the cluster may pull it."))
    said = {"registry": registry, "cause": _last(cause), "login": _secret_remedy(facts, registry)}
    # Whose account pulls isn't known before the workflow is.
    sure = bool(facts.spec or facts.pod) or "{login}" not in remedy
    return Reason(f"{told}: {what.format_map(said)}.", remedy.format_map(said), sure)


_CAUSES = {
    _NETWORK: (
        "the registry {registry} can't be reached from the cluster ({cause})",
        "Check the image's name; if it is correct, check the cluster's network access to that registry.",
    ),
    re.compile("no space left"): (
        "the node's disk is full",
        "Free disk space on the node, or use a smaller image.",
    ),
    re.compile("no match for platform"): (
        "it isn't built for the node's platform",
        "Build it for the cluster's platform.",
    ),
    re.compile(r"\b429\b|toomanyrequests", re.IGNORECASE): (
        "the registry {registry} throttles the cluster (too many requests)",
        "Wait, log in to the registry with a pull secret, or keep the image in a registry of your own.",
    ),
    re.compile("may require authorization|repository does not exist"): (
        "the registry {registry} has no such image, or denies the cluster access to it",
        "Check its name. {login}",
    ),
    re.compile(r"\b401\b|\b403\b|denied|unauthorized|insufficient_scope|no basic auth", re.IGNORECASE): (
        "the registry {registry} denies the cluster access to it",
        "{login}",
    ),
    re.compile(r"\b5\d\d\b [A-Z]"): (
        "the registry {registry} returned an internal error ({cause})",
        "Wait; the cluster retries automatically.",
    ),
    re.compile(r"not found|notfound|manifest unknown|\b404\b", re.IGNORECASE): (
        "the registry {registry} has no such image or tag",
        "Check its name and tag.",
    ),
}
"""What a registry's answer looks like → what it means, and what to do; the first that fits."""


def _secret_remedy(facts: StepFacts, registry: str) -> str:
    """Return how the cluster gets the right to pull, and which pull secret it misses."""
    event = facts.newest_event(frozenset({"FailedToRetrieveImagePullSecret"}))
    found = _SECRETS.search(event.message) if event else None
    if found:
        return f"The pull secret {found[1] or found[2]} doesn't exist in the namespace {facts.namespace!r}: create it."
    where = f" -n {facts.namespace}" if facts.namespace else ""
    return (
        f"Create a pull secret (kubectl create secret docker-registry NAME --docker-server={registry} "
        f"--docker-username=… --docker-password=…{where}) and name it in imagePullSecrets of the pipeline or of the "
        f"service account {facts.account!r}."
    )


def _registry(image: str) -> str:
    first, slash, _ = image.partition("/")
    known = slash and ("." in first or ":" in first or first == "localhost")
    return first if known else "docker.io"


def _cause_words(cause: str) -> str:
    return f"its registry can't be reached ({_last(cause)})" if _NETWORK.search(cause) else tidy(cause)


def _last(message: str) -> str:
    """Return the innermost of causes that are strung together by colons."""
    return tidy(" ".join(message.split()).rstrip(". ").rpartition(": ")[2])
