"""What the Kubernetes API says against it → a sentence and a remedy."""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Mapping

from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.clocks import difference, own_time
from kfp_jupyter.network_errors import innermost
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.printable import tidy
from kfp_jupyter.proxies import Proxy
from kfp_jupyter.workflow.dialect import GROUP

WORKFLOWS = f"workflows.{GROUP}"
CRON_WORKFLOWS = f"cronworkflows.{GROUP}"

NEEDED: Mapping[str, str] = {
    WORKFLOWS: "create,get,list,watch,patch,update,delete",
    CRON_WORKFLOWS: "create,get,list,patch,delete",
    "pods": "get,list,delete",
    "pods/log": "get",
    "pods/portforward": "get,create",
    "services": "get",
    "secrets": "get",
    "configmaps": "get",
    "events": "list",
}
"""Resource → the verbs this engine needs of it at one time or another."""

_NOBODY = '"system:anonymous"'
"""Who asks without credentials."""

_USER = re.compile(r'User "([^"]*)"')
_ACCOUNT = re.compile(r"system:serviceaccount:([^:]+):([^:]+)")
_TLS = re.compile(r"\[[A-Z0-9]+: [A-Z0-9_]+\] (.*?) \(_ssl\.c")
_TIMED = re.compile("not yet valid|expired")
_PATIENCE = re.compile(r"\d+")


@dataclasses.dataclass(frozen=True, slots=True)
class Action:
    """What was asked of the API.

    Attributes:
        verb: As roles name it: ``get``, ``create``, …
        resource: As roles name it, with its group: ``pods/log``.
        namespace: Where.
        name: Which one; empty for none in particular.
    """

    verb: str
    resource: str
    namespace: str
    name: str = ""

    def __str__(self) -> str:
        named = f" {self.name!r}" if self.name else ""
        where = f" in the namespace {self.namespace!r}" if self.namespace else ""
        return f"{self.verb} {self.resource}{named}{where}"


class RefusedError(EngineError):
    """The API answered, and said no.

    Args:
        message: See `KfpJupyterError`.
        remedy: See `KfpJupyterError`.
        status: The HTTP status.
        retry_after: Seconds it asked to wait; 0 where it didn't.
    """

    def __init__(self, message: str, *, remedy: str = "", status: int, retry_after: float = 0.0) -> None:
        super().__init__(message, remedy=remedy)
        self.status = status
        self.retry_after = retry_after

    @property
    def passes(self) -> bool:
        """Whether asking again later may help."""
        return self.status in (408, 410, 429) or self.status >= 500

    @property
    def forbidden(self) -> bool:
        """Whether it is a matter of who asks, which may pass too: an API server that starts knows no roles yet."""
        return self.status in (401, 403)


class TooLargeError(RefusedError):
    """An object is larger than what a cluster stores."""


class UnreachableError(EngineError):
    """The API didn't answer, or not to the end."""


def refusal(
    action: Action, status: int, body: str, *, host: str, retry_after: str = "", date: str = ""
) -> RefusedError:
    """Return the error for an answer that isn't what was asked for.

    Args:
        action: What was asked.
        status: The HTTP status.
        body: What came with it: a Kubernetes ``Status``, or a proxy's page.
        host: Who was asked.
        retry_after: The header of that name.
        date: The header of that name.
    """
    said = message_of(body) or f"status {status}"
    wait = float(retry_after) if _PATIENCE.fullmatch(retry_after) else 0.0
    sentence, remedy = _words(action, status, said, host, difference(date))
    kind = TooLargeError if _is_too_large(status, said) else RefusedError
    return kind(sentence, remedy=remedy, status=status, retry_after=wait)


def unreachable(action: Action, host: str, reason: object, proxy: Proxy | None = None) -> UnreachableError:
    """Return the error for an answer that didn't come.

    Args:
        action: What was asked.
        host: Who was asked.
        reason: What came instead.
        proxy: The proxy it was asked through; None for none.
    """
    through = f" through {proxy}" if proxy else ""
    check = f"Check the network and {proxy.origin}" if proxy else "Check the network"
    return UnreachableError(
        f"The Kubernetes API at {host} doesn't answer{through} (to {action}): {innermost(reason)}.",
        remedy=f"{check}, or choose another cluster with context=….",
    )


def untrusted(action: Action, host: str, said: str) -> UnreachableError:
    """Return the error for a connection that TLS doesn't let come about.

    Args:
        action: What was to be asked.
        host: Who was to be asked.
        said: What TLS says against it, with what the libraries put around it.
    """
    found = _TLS.search(said)
    words = found[1].strip() if found else said.strip().partition("\n")[2] or "no reason is given"
    clock = f"This machine's clock says {own_time()}: set it right if it is wrong. " if _TIMED.search(words) else ""
    return UnreachableError(
        f"There is no safe connection to the Kubernetes API at {host} (to {action}): {words.rstrip('.')}.",
        remedy=f"{clock}Fetch the kubeconfig anew, or choose another cluster with context=….",
    )


def message_of(body: str) -> str:
    """Return the beginning of what a ``Status`` says, which may quote a whole object; of a page, its first line."""
    try:
        return tidy(str(read_json(body)["message"]), 1000)
    except (ValueError, KeyError, TypeError):
        return tidy(body.strip().partition("\n")[0])


def binding(user: str, action: Action) -> str:
    """Return the commands that give somebody all that this engine needs of a resource."""
    verbs = NEEDED.get(action.resource, action.verb)
    if action.verb not in verbs.split(","):
        verbs += f",{action.verb}"
    name = "kfp-jupyter-" + action.resource.partition(".")[0].replace("/", "-")
    where = f"-n {shlex.quote(action.namespace)}"
    account = _ACCOUNT.fullmatch(user)
    subject = f"--serviceaccount={account[1]}:{account[2]}" if account else f"--user={shlex.quote(user or 'NAME')}"
    return (
        f"kubectl create role {name} --verb={verbs} --resource={action.resource} {where} && "
        f"kubectl create rolebinding {name} --role={name} {subject} {where}"
    )


def _words(action: Action, status: int, said: str, host: str, clocks: str) -> tuple[str, str]:
    if status == 401 or (status == 403 and _NOBODY in said):
        return _unknown(said, host, clocks)
    if status == 403 and "RBAC" not in said and "cannot" not in said:
        # A quota or an admission rule; no role helps.
        return f"The cluster refused to {action}: {said}.", ""
    if status == 403:
        found = _USER.search(said)
        user = found[1] if found else ""
        who = f"The account {user!r}" if user else "Your account"
        return f"{who} may not {action}.", f"Someone who may can allow it: {binding(user, action)}"
    if status == 404 and "page not found" in said and action.resource in (WORKFLOWS, CRON_WORKFLOWS):
        return (
            f"The cluster at {host} has no Argo Workflows.",
            "Install it there, or choose another cluster with context=….",
        )
    if _is_too_large(status, said):
        return (
            f"The workflow is too large for the cluster: {said}.",
            "Compile it in the compact form, or split the pipeline.",
        )
    return f"The cluster could not {action}: {said}.", ""


def _unknown(said: str, host: str, clocks: str) -> tuple[str, str]:
    sentence = f"The Kubernetes API at {host} doesn't know who asks ({said})"
    if clocks:
        remedy = "Set the clock that is wrong: until then tokens and certificates may not be good yet, or no longer."
        return f"{sentence}, and {clocks}.", remedy
    return f"{sentence}.", "Log in again with your cluster's tool, or choose another account with context=…."


def _is_too_large(status: int, said: str) -> bool:
    # The second is what the API server's own way to its store says.
    return status in (413, 500) and ("too large" in said or "larger than max" in said)
