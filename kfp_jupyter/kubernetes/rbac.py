"""Who may do what: a question as roles name it, and the commands that allow it.

Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from __future__ import annotations

import dataclasses
import re
import shlex
from collections.abc import Mapping

_SERVICE_ACCOUNT = re.compile(r"system:serviceaccount:([^:]+):([^:]+)")


@dataclasses.dataclass(frozen=True, slots=True)
class Action:
    """What is asked of the API.

    Attributes:
        verb: As roles name it: ``get``, ``create``, …
        resource: As roles name it, with its group: ``pods/log``, ``workflows.argoproj.io``.
        namespace: Where; empty for the cluster itself.
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

    @property
    def group(self) -> str:
        """The API group of the resource; empty for the core one."""
        return self.resource.partition(".")[2]


@dataclasses.dataclass(frozen=True, slots=True)
class Requirements:
    """What a program needs of a cluster, for the remedies in errors.

    Attributes:
        verbs: Resource to the verbs that are needed of it at one time or another, separated by commas.
        products: API group to the name of the product that defines its kinds.
        too_large: Resource to the remedy where such an object is larger than what a cluster stores.
        elsewhere: How another cluster, or another account, is chosen.
    """

    verbs: Mapping[str, str] = dataclasses.field(default_factory=dict)
    products: Mapping[str, str] = dataclasses.field(default_factory=dict)
    too_large: Mapping[str, str] = dataclasses.field(default_factory=dict)
    elsewhere: str = "choose another context of the kubeconfig"


def grant_commands(user: str, action: Action, requirements: Requirements) -> str:
    """Return the commands that give an account all that is needed of a resource.

    Args:
        user: The account as the API names it; empty where it is unknown.
        action: What it may not do.
        requirements: What else will be needed of the resource.
    """
    verbs = requirements.verbs.get(action.resource, action.verb)
    if action.verb not in verbs.split(","):
        verbs += f",{action.verb}"
    name = "kfp-jupyter-" + action.resource.partition(".")[0].replace("/", "-")
    where = f"-n {shlex.quote(action.namespace)}"
    account = _SERVICE_ACCOUNT.fullmatch(user)
    subject = f"--serviceaccount={account[1]}:{account[2]}" if account else f"--user={shlex.quote(user or 'NAME')}"
    return (
        f"kubectl create role {name} --verb={verbs} --resource={action.resource} {where} && "
        f"kubectl create rolebinding {name} --role={name} {subject} {where}"
    )
