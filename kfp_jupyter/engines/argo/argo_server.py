"""The Argo Server: what only it has of runs. Asked where one is configured, and for that alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from kfp_jupyter.errors import EngineError, UsageError
from kfp_jupyter.kubernetes.api_errors import message_of
from kfp_jupyter.kubernetes.clients import proxy_to
from kfp_jupyter.kubernetes.credentials import basic, header
from kfp_jupyter.kubernetes.errors import ApiError, UnreachableError
from kfp_jupyter.kubernetes.quiet_pools import quieten_session
from kfp_jupyter.network_errors import innermost, request_errors
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.objects import section
from kfp_jupyter.proxies import NO_PROXIES
from kfp_jupyter.redaction import remember_address, without_credentials
from kfp_jupyter.socks import with_socks
from kfp_jupyter.workflow.dialect import API_VERSION, ARCHIVED_LABEL, KIND

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 30.0

_PAGE = 100
_BLOCK = 1 << 20
_PAGE_BEFORE = "Check server=…; a login page may be in front of it."


def is_archived(workflow: Mapping[str, Any]) -> bool:
    """Whether a workflow comes from the archive and not from the cluster."""
    return (section(workflow, "metadata", "labels")).get(ARCHIVED_LABEL) == "Persisted"


class ArgoServer:
    """An Argo Server. Usable from any thread.

    Args:
        url: Where it is, such as ``https://argo.example.org``; a path in front of its own is kept.
        token: The bearer token. Unless given, ``ARGO_TOKEN``, and then what `fallback` returns.
        insecure: Whether its certificate isn't checked.
        fallback: Returns the header that the Kubernetes API gets: the server takes the same. Empty for none.

    Raises:
        UsageError: The address is not a valid one.
    """

    def __init__(self, url: str, token: str = "", *, insecure: bool = False, fallback: Callable[[], str]) -> None:
        at = urlsplit(url if "://" in url else f"https://{url}")
        if at.scheme not in ("http", "https") or not at.hostname:
            raise UsageError(
                f"The argo engine's server={url!r} is not a valid address.",
                remedy="Write it as https://host or https://host/path.",
            )
        remember_address(url)
        self.url = without_credentials(at._replace(query="", fragment="").geturl().rstrip("/"))
        self._token, self._insecure, self._fallback = token, insecure, fallback
        self._basic = basic(unquote(at.username), unquote(at.password or "")) if at.username else ""

    def page(self, namespace: str, name: str) -> str:
        """Return the address of a workflow in the server's UI.

        Args:
            namespace: Namespace of the run.
            name: Name of the run.
        """
        return f"{self.url}/workflows/{quote(namespace, safe='')}/{quote(name, safe='')}"

    def version(self) -> str:
        """Return which version it is; empty where it doesn't tell."""
        return str((self._object("/api/v1/version") or {}).get("version") or "")

    def workflow(self, namespace: str, name: str) -> dict[str, Any] | None:
        """Return a workflow with all its nodes, from the cluster or from the archive; None for none.

        Args:
            namespace: Namespace of the run.
            name: Name of the run.
        """
        found = self._object(_workflow(namespace, name)) or self._from_archive(namespace, name)
        # It leaves out what it is, without which no cluster takes it back.
        return found and {"apiVersion": API_VERSION, "kind": KIND} | found

    def archived(self, namespace: str, selector: str, limit: int, prefix: str = "") -> Iterator[dict[str, Any]]:
        """Yield what the archive tells of workflows: no spec and no nodes; newest first.

        Args:
            namespace: Where they were.
            selector: Labels that they have.
            limit: How many at most.
            prefix: How their names begin.
        """
        # Older servers know the namespace by the one name, newer ones by both.
        query = {
            "namespace": namespace,
            "listOptions.fieldSelector": f"metadata.namespace={namespace}",
            "listOptions.labelSelector": selector,
            "namePrefix": prefix,
        }
        begin = 0
        while begin < limit:
            page = {"listOptions.limit": str(min(_PAGE, limit - begin)), "listOptions.continue": str(begin)}
            answer = self._object("/api/v1/archived-workflows", query | page) or {}
            items = answer.get("items") or []
            yield from items
            begin += len(items)
            if not items or not section(answer, "metadata").get("continue"):
                return

    def forget(self, uid: str) -> None:
        """Remove a workflow from the archive; nothing happens if it isn't there."""
        try:
            self._ask("DELETE", f"/api/v1/archived-workflows/{quote(uid)}", {})
        except ApiError as error:
            # 500: a server without an archive says so in this way.
            if error.status not in (404, 500, 501):
                raise

    def act(self, namespace: str, name: str, action: str) -> None:
        """Do something to a workflow of the cluster.

        Args:
            namespace: Where it is.
            name: The workflow.
            action: ``retry`` or ``resume``, as its API says it.
        """
        self._ask("PUT", f"{_workflow(namespace, name)}/{action}", {})

    def artifact(self, workflow: Mapping[str, Any], node_id: str, name: str, limit: int) -> bytes:
        """Return an output artifact as its store has it, or as much of it as `limit` bytes.

        Args:
            workflow: The run's Workflow object.
            node_id: The step.
            name: The artifact.
            limit: How many bytes are read at most.
        """
        metadata = workflow["metadata"]
        run = ("artifacts", str(metadata["namespace"]), str(metadata["name"]))
        if is_archived(workflow):
            run = ("artifacts-by-uid", str(metadata["uid"]), "")
        path = "/" + "/".join(quote(word, safe="") for word in (*run, node_id, name) if word)
        return self._ask("GET", path, {}, limit)

    def _from_archive(self, namespace: str, name: str) -> dict[str, Any] | None:
        """Return a workflow of the archive: servers before 3.4 don't look there by themselves."""
        for found in self.archived(namespace, "", _PAGE, prefix=name):
            if found["metadata"]["name"] == name:
                return self._object(f"/api/v1/archived-workflows/{quote(str(found['metadata']['uid']))}")
        return None

    def _object(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any] | None:
        try:
            text = self._ask("GET", path, query or {})
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        try:
            answer = read_json(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise EngineError(
                f"The server at {self.url} is not an Argo Server: its answer is not a JSON object.",
                remedy=_PAGE_BEFORE,
            )
        return answer

    def _ask(self, method: str, path: str, query: Mapping[str, str], limit: int | None = None) -> bytes:
        # It costs 0.1 s, and few have an Argo Server.
        import requests  # noqa: PLC0415  (lazy, see above)

        told = _header(self._token or os.environ.get("ARGO_TOKEN") or self._basic or self._fallback())
        proxy = proxy_to(self.url)

        # Not as a header: an entry of ~/.netrc for that host would take its place.
        def signed(request: requests.PreparedRequest) -> requests.PreparedRequest:
            if told:
                request.headers["Authorization"] = told
            return request

        try:
            with (
                self._quiet(with_socks(requests.Session())) as session,
                session.request(
                    method,
                    self.url + path,
                    params=query,
                    auth=signed,
                    verify=not self._insecure,
                    timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                    allow_redirects=False,
                    stream=True,
                    proxies={**NO_PROXIES, urlsplit(self.url).scheme: proxy and proxy.url},
                ) as response,
            ):
                if response.status_code != 200:
                    raise self._refused(response.status_code, response.text)
                return response.content if limit is None else _some(response.iter_content(_BLOCK), limit)
        except requests.exceptions.SSLError as error:
            raise UnreachableError(
                f"The certificate of the Argo Server at {self.url} is not trusted: {innermost(error)}.",
                remedy="Set REQUESTS_CA_BUNDLE to the file of its certificate authority, or set server_insecure=true.",
            ) from None
        except request_errors() as error:
            raise UnreachableError(
                f"The Argo Server at {self.url} doesn't answer{f' through {proxy}' if proxy else ''}: "
                f"{innermost(error)}.",
                remedy=f"Check the network{f', {proxy.origin}' if proxy else ''} and server=….",
            ) from None

    def _quiet(self, session: Any) -> Any:
        if self._insecure:
            quieten_session(session)
        return session

    def _refused(self, status: int, body: str) -> ApiError:
        said = message_of(body) or f"status {status}"
        if status in (301, 302, 303, 307, 308):
            return ApiError(
                f"The Argo Server at {self.url} redirects to another address.", status=status, remedy=_PAGE_BEFORE
            )
        if status == 401:
            return ApiError(
                f"The Argo Server at {self.url} doesn't accept the credentials ({said}).",
                remedy="Set server_token=… or the environment variable ARGO_TOKEN.",
                status=status,
            )
        if status == 403:
            return ApiError(
                f"The Argo Server at {self.url} refuses the request: {said}.",
                remedy="Ask for permission to get and list workflows there, or set another server_token=….",
                status=status,
            )
        return ApiError(f"The Argo Server at {self.url} answers with an error: {said}.", status=status)


def _workflow(namespace: str, name: str) -> str:
    return f"/api/v1/workflows/{quote(namespace)}/{quote(name)}"


def _header(token: str) -> str:
    # What `argo auth token` prints has the word already.
    scheme, space, credential = token.strip().partition(" ")
    if not scheme:
        return ""
    return header(scheme, credential, "the Argo Server") if space else header("Bearer", scheme, "the Argo Server")


def _some(pieces: Iterator[bytes], limit: int) -> bytes:
    data = bytearray()
    for piece in pieces:
        data += piece
        if len(data) >= limit:
            break
    return bytes(data[:limit])
