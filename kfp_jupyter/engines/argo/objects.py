"""Workflows of one namespace, by the paths of the API, beside what every Kubernetes has."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from kfp_jupyter.engines.argo.argo_server import ArgoServer
from kfp_jupyter.engines.argo.requirements import WORKFLOWS
from kfp_jupyter.engines.argo.stored_nodes import is_elsewhere, unpacked
from kfp_jupyter.errors import RunNotFoundError
from kfp_jupyter.kubernetes.connection import Connection
from kfp_jupyter.kubernetes.errors import ApiError, NotFoundError
from kfp_jupyter.kubernetes.objects import CoreObjects
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow.dialect import API_VERSION

_PAGE = 100
_METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json"


class Objects(CoreObjects):
    """Workflows of a namespace as plain data, and what `CoreObjects` has.

    Args:
        connection: The way to them.
        server: Has what the API hasn't; None where none is configured.
    """

    def __init__(self, connection: Connection, server: ArgoServer | None = None) -> None:
        super().__init__(connection)
        self.server = server

    def create_workflow(self, workflow: Mapping[str, Any]) -> str:
        """Create a workflow; return its name."""
        made = self.connection.ask(self._act("create", WORKFLOWS), self._workflows(), body=workflow)
        return str(made["metadata"]["name"])

    def workflow(self, name: str) -> dict[str, Any]:
        """Return a workflow with its nodes; one that is only in the archive still, from there.

        Raises:
            RunNotFoundError: There is none.
        """
        try:
            with self._found(name):
                stored = self.connection.ask(self._act("get", WORKFLOWS, name), self._workflows(name))
        except RunNotFoundError:
            archived = self.archived_workflow(name)
            if archived is None:
                raise
            return archived
        return self.complete(stored)

    def workflow_metadata(self, name: str) -> dict[str, Any]:
        """Return the metadata of a workflow; neither spec nor status is sent.

        Raises:
            RunNotFoundError: There is none.
        """
        with self._found(name):
            action = self._act("get", WORKFLOWS, name)
            found = self.connection.ask(action, self._workflows(name), accept=_METADATA)
        return dict(found["metadata"])

    def complete(self, workflow: Mapping[str, Any]) -> dict[str, Any]:
        """Return a workflow with its nodes, wherever the controller has put them."""
        if self.server is not None and is_elsewhere(workflow):
            found = self.server.workflow(self.namespace, str(workflow["metadata"]["name"]))
            return unpacked(workflow if found is None else found)
        return unpacked(workflow)

    def archived_workflow(self, name: str) -> dict[str, Any] | None:
        """Return a workflow of the archive; None for none."""
        found = self.server.workflow(self.namespace, name) if self.server else None
        return unpacked(found) if found else None

    def archived(self, selector: str, limit: int, prefix: str = "") -> Iterator[dict[str, Any]]:
        """Yield what the archive tells of the newest workflows with some labels: neither specs nor nodes.

        Args:
            selector: Label selector that runs must match.
            limit: Maximum number of runs.
            prefix: Beginning of their names.
        """
        if self.server is not None:
            yield from self.server.archived(self.namespace, selector, limit, prefix)

    def find_workflow(self, name: str) -> tuple[dict[str, Any] | None, str]:
        """Return a workflow as it is stored, None for none; and the version from which a watch goes on."""
        query = {"fieldSelector": _called(name)}
        action = self._act("list", WORKFLOWS, name)
        answer = self.connection.ask(action, self._workflows(), query=query)
        version = section(answer, "metadata").get("resourceVersion")
        if not version:
            # Something between here and the cluster may answer in its place: a login page, for one.
            raise self.connection.unreachable(action, "the answer is not a list of workflows")
        items = answer.get("items") or [None]
        return items[0], str(version)

    def workflow_changes(self, name: str, version: str, quiet_seconds: float) -> contextlib.AbstractContextManager[Any]:
        """Open a watch on a workflow: a response of a line for each change.

        Args:
            name: Name of the run.
            version: Resource version to start from.
            quiet_seconds: Seconds without data after which the connection counts as dead.
        """
        query = {
            "watch": "true",
            "fieldSelector": _called(name),
            "resourceVersion": version,
            # So a watch that the server ends goes on where it was, though nothing happened for long:
            # https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks
            "allowWatchBookmarks": "true",
            # The server ends it a moment before the client would take its silence for a dead network.
            "timeoutSeconds": max(1, int(quiet_seconds) - 5),
        }
        return self.connection.open(
            self._act("watch", WORKFLOWS, name), self._workflows(), query=query, quiet_seconds=quiet_seconds
        )

    def workflows(self, selector: str) -> Iterator[dict[str, Any]]:
        """Yield the workflows with some labels, all for an empty selector, as they are stored."""
        chosen = {"labelSelector": selector} if selector else {}
        query = chosen | {"limit": _PAGE}
        while True:
            try:
                page = self.connection.ask(self._act("list", WORKFLOWS), self._workflows(), query=query)
            except ApiError as error:
                if error.status != 410 or "continue" not in query:
                    raise
                # The list took so long that its beginning is forgotten, so all of it is read as it is now:
                # https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
                page = self.connection.ask(self._act("list", WORKFLOWS), self._workflows(), query=chosen)
            yield from map(dict, entries(page, "items"))
            token = page["metadata"].get("continue")
            if not token:
                return
            query = query | {"continue": token}

    def patch_workflow(self, name: str, patch: Mapping[str, Any]) -> None:
        """Merge something into a workflow.

        Args:
            name: Name of the run.
            patch: JSON merge patch.
        """
        with self._found(name):
            self.connection.ask(self._act("patch", WORKFLOWS, name), self._workflows(name), body=patch)

    def replace_workflow(self, workflow: Mapping[str, Any]) -> None:
        """Store a workflow in the place of the version that it was made of."""
        name = str(workflow["metadata"]["name"])
        with self._found(name):
            self.connection.ask(self._act("update", WORKFLOWS, name), self._workflows(name), body=workflow)

    def delete_workflow(self, name: str, uid: str) -> None:
        """Delete a workflow, and with it the pods that it owns; also from the archive.

        Args:
            name: Name of the run.
            uid: Its uid, so that a newer run of the same name stays.
        """
        body = {"propagationPolicy": "Background", "preconditions": {"uid": uid}}
        try:
            with self._found(name):
                self.connection.ask(self._act("delete", WORKFLOWS, name), self._workflows(name), body=body)
        except RunNotFoundError:
            if self.server is None:
                raise
        if self.server is not None:
            self.server.forget(uid)

    def _workflows(self, name: str = "") -> str:
        path = f"/apis/{API_VERSION}/namespaces/{self.namespace}/workflows"
        return f"{path}/{quote(name, safe='')}" if name else path

    @contextlib.contextmanager
    def _found(self, name: str) -> Iterator[None]:
        try:
            yield
        except NotFoundError:
            raise RunNotFoundError(f"There is no run {name!r} in the namespace {self.namespace!r}.") from None


def _called(name: str) -> str:
    """Return the field selector for a name, which may hold any character."""
    return "metadata.name=" + re.sub(r"([\\,=])", r"\\\1", name)
