"""Service accounts of the real cluster, and kubeconfigs that use them."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.kubernetes.rbac import Action
from tests.cluster.namespaces import ACCOUNT
from tests.cluster.running import Cluster


class Account:
    """A service account of a namespace.

    Args:
        objects: The namespace, as its administrator sees it.
        name: Which one.
    """

    def __init__(self, objects: Objects, name: str) -> None:
        self.objects, self.name = objects, name
        self._path = f"/api/v1/namespaces/{objects.namespace}/serviceaccounts"

    def token(self) -> str:
        """Return a new token, good for ten minutes."""
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 600}}
        made = self._ask("create", f"{self._path}/{self.name}/token", body)
        return str(made["status"]["token"])

    def create(self) -> None:
        """Make it."""
        self._ask("create", self._path, {"metadata": {"name": self.name}})

    def allow(self, role: str = ACCOUNT) -> None:
        """Give it a role of the namespace: that of runs, unless another is named."""
        rbac = "rbac.authorization.k8s.io"
        body = {
            "metadata": {"name": self.name},
            "roleRef": {"apiGroup": rbac, "kind": "Role", "name": role},
            "subjects": [{"kind": "ServiceAccount", "name": self.name, "namespace": self.objects.namespace}],
        }
        self._ask("create", f"/apis/{rbac}/v1/namespaces/{self.objects.namespace}/rolebindings", body)

    def delete(self) -> None:
        """Revoke all its tokens: the API server believes them for ten seconds more."""
        self._ask("delete", f"{self._path}/{self.name}")

    def _ask(self, verb: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        action = Action(verb, "serviceaccounts", self.objects.namespace, self.name)
        return self.objects.connection.ask(action, path, body=body)


@contextlib.contextmanager
def new_account(objects: Objects) -> Iterator[Account]:
    """Make an account without rights; delete it afterwards."""
    account = Account(objects, f"nobody-{uuid.uuid4().hex[:8]}")
    account.create()
    try:
        yield account
    finally:
        account.delete()


def runs_account(objects: Objects) -> Account:
    """Return the account that runs have."""
    return Account(objects, ACCOUNT)


def kubeconfig(
    source: Path | Cluster, path: Path, user: Mapping[str, Any], *, namespace: str = "", **cluster: Any
) -> Path:
    """Write a kubeconfig with one context ``mine``.

    Args:
        source: The cluster, or a kubeconfig that leads there.
        path: Where to.
        user: Who asks.
        namespace: The context's; none if empty.
        **cluster: What is different about the cluster; None leaves it out.
    """
    given = yaml.safe_load((source.kubeconfig if isinstance(source, Cluster) else source).read_text())
    there = given["clusters"][0]["cluster"] | {key.replace("_", "-"): value for key, value in cluster.items()}
    context = {"cluster": "there", "user": "me"} | ({"namespace": namespace} if namespace else {})
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "mine",
        "clusters": [{"name": "there", "cluster": {key: value for key, value in there.items() if value is not None}}],
        "users": [{"name": "me", "user": dict(user)}],
        "contexts": [{"name": "mine", "context": context}],
    }
    # At once, as programs that log people in do it.
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(config))
    unfinished.replace(path)
    return path
