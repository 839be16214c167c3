"""Answers of a Kubernetes API that aren't success, and answers that didn't come → errors with a remedy."""

from __future__ import annotations

import dataclasses
import re

from kfp_jupyter.kubernetes.clocks import difference, own_time
from kfp_jupyter.kubernetes.errors import ApiError, NotFoundError, NotInstalledError, TooLargeError, UnreachableError
from kfp_jupyter.kubernetes.rbac import Action, Requirements, grant_commands
from kfp_jupyter.network_errors import innermost
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.printable import tidy
from kfp_jupyter.proxies import Proxy

_ANONYMOUS = '"system:anonymous"'
"""The user of a request without credentials."""

_USER = re.compile(r'User "([^"]*)"')
_TLS = re.compile(r"\[[A-Z0-9]+: [A-Z0-9_]+\] (.*?) \(_ssl\.c")
_VALIDITY = re.compile("not yet valid|expired")
_SECONDS = re.compile(r"\d+")


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """A question and whom it was put to.

    Attributes:
        action: What was asked.
        host: The address of the API.
        proxy: The proxy that it was asked through; None for none.
        requirements: What the program that asks needs of the cluster.
    """

    action: Action
    host: str
    proxy: Proxy | None = None
    requirements: Requirements = dataclasses.field(default_factory=Requirements)


def api_error(asked: Asked, status: int, body: str, *, retry_after: str = "", date: str = "") -> ApiError:
    """Return the error for an answer that isn't success.

    Args:
        asked: What was asked.
        status: The HTTP status.
        body: What came with it: a Kubernetes ``Status``, or a proxy's page.
        retry_after: The header of that name.
        date: The header of that name.
    """
    said = message_of(body) or f"status {status}"
    kind = _kind(asked, status, said)
    sentence, remedy = _words(asked, kind, status, said, difference(date))
    wait = float(retry_after) if _SECONDS.fullmatch(retry_after) else 0.0
    return kind(sentence, remedy=remedy, status=status, retry_after=wait)


def unreachable(asked: Asked, reason: object, kind: type[UnreachableError] = UnreachableError) -> UnreachableError:
    """Return the error for an answer that didn't come.

    Args:
        asked: What was asked.
        reason: What came instead.
        kind: The class of the error.
    """
    through = f" through {asked.proxy}" if asked.proxy else ""
    check = f"Check the network and {asked.proxy.origin}" if asked.proxy else "Check the network"
    return kind(
        f"The Kubernetes API at {asked.host} doesn't answer{through} (to {asked.action}): {innermost(reason)}.",
        remedy=f"{check}, or {asked.requirements.elsewhere}.",
    )


def untrusted(asked: Asked, said: str) -> UnreachableError:
    """Return the error for a TLS connection that failed.

    Args:
        asked: What was to be asked.
        said: What TLS says against it, with what the libraries put around it.
    """
    found = _TLS.search(said)
    words = found[1].strip() if found else said.strip().partition("\n")[2] or "no reason is given"
    clock = f"This machine's clock says {own_time()}: set it right if it is wrong. " if _VALIDITY.search(words) else ""
    return UnreachableError(
        f"There is no safe connection to the Kubernetes API at {asked.host} (to {asked.action}): {tidy(words)}.",
        remedy=f"{clock}Get a new kubeconfig, or {asked.requirements.elsewhere}.",
    )


def message_of(body: str) -> str:
    """Return the beginning of what a ``Status`` says, which may quote a whole object; of a page, its first line."""
    try:
        return tidy(str(read_json(body)["message"]), 1000)
    except (ValueError, KeyError, TypeError):
        return tidy(body.strip().partition("\n")[0])


def _kind(asked: Asked, status: int, said: str) -> type[ApiError]:
    if status == 404:
        # The API server says so of a path that nothing has registered: there is no such kind.
        unregistered = "page not found" in said and asked.action.group in asked.requirements.products
        return NotInstalledError if unregistered else NotFoundError
    return TooLargeError if _is_too_large(status, said) else ApiError


def _words(asked: Asked, kind: type[ApiError], status: int, said: str, clocks: str) -> tuple[str, str]:
    action, requirements = asked.action, asked.requirements
    if status == 401 or (status == 403 and _ANONYMOUS in said):
        return _unknown(asked, said, clocks)
    if status == 403 and "RBAC" not in said and "cannot" not in said:
        # A quota or an admission rule; no role helps. Of a missing role it says "cannot", or "RBAC" where it can't
        # tell: apiserver's pkg/endpoints/handlers/responsewriters/errors.go, plugin/pkg/auth/authorizer/rbac/rbac.go.
        return f"The cluster refused to {action}: {said}.", ""
    if status == 403:
        found = _USER.search(said)
        user = found[1] if found else ""
        who = f"The account {user!r}" if user else "Your account"
        commands = grant_commands(user, action, requirements)
        return f"{who} may not {action}.", f"An administrator can allow it: {commands}"
    if kind is NotInstalledError:
        return (
            f"The cluster at {asked.host} has no {requirements.products[action.group]}.",
            f"Install it there, or {requirements.elsewhere}.",
        )
    if kind is TooLargeError:
        noun = action.resource.partition(".")[0].removesuffix("s")
        return f"The {noun} is too large for the cluster: {said}.", requirements.too_large.get(action.resource, "")
    return f"The cluster could not {action}: {said}.", ""


def _unknown(asked: Asked, said: str, clocks: str) -> tuple[str, str]:
    sentence = f"The Kubernetes API at {asked.host} doesn't accept the credentials ({said})"
    if clocks:
        remedy = "Set the clock that is wrong: until then tokens and certificates may not be valid yet, or no longer."
        return f"{sentence}, and {clocks}.", remedy
    return f"{sentence}.", f"Log in again with your cluster's tool, or {asked.requirements.elsewhere}."


def _is_too_large(status: int, said: str) -> bool:
    # Sources: apiserver's pkg/endpoints/handlers/rest.go (413), etcd's api/v3rpc/rpctypes/error.go ("request is too
    # large"), and the gRPC client between the two ("larger than max").
    return status in (413, 500) and ("too large" in said or "larger than max" in said)
