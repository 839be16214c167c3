"""What the Argo engine needs of a cluster: the resources, the verbs, and Argo Workflows itself."""

from __future__ import annotations

from collections.abc import Mapping

from kfp_jupyter.kubernetes.connection import Connection, Timeouts
from kfp_jupyter.kubernetes.rbac import Requirements
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
"""Resource → the verbs that this engine needs of it at one time or another."""

REQUIREMENTS = Requirements(
    verbs=NEEDED,
    products={GROUP: "Argo Workflows"},
    elsewhere="choose another context of the kubeconfig with context=…",
    too_large={WORKFLOWS: "Compile it in the compact form, or split the pipeline."},
)


def connect(
    context: str | None = None,
    namespace: str | None = None,
    kubeconfig: str | None = None,
    timeouts: Timeouts | None = None,
) -> Connection:
    """Return a connection whose errors know what this engine needs.

    Args:
        context: See `Connection`.
        namespace: See `Connection`.
        kubeconfig: See `Connection`.
        timeouts: See `Connection`.
    """
    return Connection(context, namespace, kubeconfig, timeouts, REQUIREMENTS)
