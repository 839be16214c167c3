"""Which Kubernetes API, as whom and in which namespace: from a pod's own account, or from a kubeconfig.

Which one is decided once, and opened as often as the credentials change: whoever switches the kubeconfig to another
cluster meanwhile goes on with the one that runs are in.
"""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.argo.errors import AccessError
from kfp_jupyter.parsing import MANIFEST
from kfp_jupyter.parsing.files import read_file
from kfp_jupyter.parsing.yaml_reader import read_yaml

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""In a pod: its service account."""

IN_POD = "KUBERNETES_SERVICE_HOST"
"""Set in every pod."""

DEFAULT_FILE = "~/.kube/config"

_AT_ONCE = 64
"""Connections that are kept for the next question: as many as runs may be watched at once."""


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """What leads to an API.

    Attributes:
        files: The kubeconfig; several are separated as in ``$KUBECONFIG``. Empty for the account of this pod.
        context: Which of its contexts.
        namespace: The one that goes with it; empty where it names none.
    """

    files: str = ""
    context: str = ""
    namespace: str = ""

    def __str__(self) -> str:
        return f"the context {self.context!r} of the kubeconfig {self.files}" if self.files else "the pod's account"


def find_source(context: str | None, kubeconfig: str | None) -> Source:
    """Return what leads to the API that is meant.

    Args:
        context: Which context of the kubeconfig; by default its current one.
        kubeconfig: Which file; by default ``$KUBECONFIG``, the pod's own account, then ``~/.kube/config``.

    Raises:
        AccessError: Nothing does.
    """
    named = kubeconfig or os.environ.get("KUBECONFIG") or ""
    if not named and not context and (ACCOUNT / "token").exists() and os.environ.get(IN_POD):
        return Source(namespace=_own_namespace())
    files = named or DEFAULT_FILE
    merged = _read(files, named=bool(named))
    contexts = {str(entry["name"]): entry.get("context") or {} for entry in _entries(merged, "contexts", files)}
    chosen = context or _current(merged)
    if not chosen:
        raise AccessError(f"The kubeconfig {files} says not which of its contexts to use.", remedy=_choose(contexts))
    if chosen not in contexts:
        raise AccessError(f"The kubeconfig {files} has no context {chosen!r}.", remedy=_choose(contexts))
    return Source(files, chosen, str(contexts[chosen].get("namespace") or ""))


def open_client(source: Source) -> Any:
    """Return a new client of the API, with the credentials that are there now.

    Raises:
        AccessError: There are none, or the program that makes them fails.
    """
    # Weighs half a second and 35 MiB; who runs locally does without.
    from kubernetes import client, config  # noqa: PLC0415  (lazy, see above)

    configuration = client.Configuration()
    # Requests are asked again by those who know whether that is safe.
    configuration.retries = False
    configuration.connection_pool_maxsize = _AT_ONCE
    if source.files:
        _take_credentials(_read(source.files, named=True), source, configuration)
    else:
        try:
            config.load_incluster_config(client_configuration=configuration)
        except (config.ConfigException, OSError) as error:
            raise AccessError(f"The account of this pod can't be used: {_line(error)}.") from None
    _renew_quietly(configuration)
    return client.ApiClient(configuration)


def _take_credentials(merged: Any, source: Source, configuration: Any) -> None:
    from kubernetes import config  # noqa: PLC0415  (lazy, see above)

    with _overheard() as said:
        try:
            loader = config.kube_config.KubeConfigLoader(
                merged.config, active_context=source.context, config_persister=merged.save_changes
            )
            loader.load_and_set(configuration)
        except Exception as error:  # noqa: BLE001  the client raises whatever a malformed file leads it to
            raise AccessError(f"There is something wrong with {source}: {_line(error)}.") from None
    user = _user(merged, source)
    if user.get("exec") and not configuration.api_key and not configuration.cert_file:
        raise _no_login(user["exec"], source, said)


def _no_login(plugin: dict[str, Any], source: Source, said: list[str]) -> AccessError:
    words = (said or ["it gave no credentials"])[-1].removeprefix("exec: ")
    hint = " ".join(str(plugin.get("installHint") or "").split())
    return AccessError(
        f"The program {plugin.get('command')!r}, which {source} names for logging in, fails: {_line(words)}.",
        remedy=hint or "Run it in a terminal, or log in again with your cluster's tool.",
    )


def _read(files: str, *, named: bool) -> Any:
    """Return the client's reader of some kubeconfig files, with what they hold together."""
    from kubernetes import config  # noqa: PLC0415  (lazy, see above)

    try:
        _check_files(files)
        merged = config.kube_config.KubeConfigMerger(files)
    except Exception as error:  # noqa: BLE001  the client raises whatever a malformed file leads it to
        raise AccessError(f"The kubeconfig {files} can't be read: {_line(error)}.") from None
    if merged.config is None:
        raise _no_file(files, named=named)
    return merged


def _check_files(files: str) -> None:
    """Refuse what the client would read without end, or end the process with: devices, pipes and bombs of YAML."""
    for path in map(os.path.expanduser, filter(None, files.split(os.pathsep))):
        if os.path.exists(path):  # noqa: PTH110  (what the client asks)
            read_yaml(read_file(path, MANIFEST), MANIFEST)


def _no_file(files: str, *, named: bool) -> AccessError:
    remedy = "Set KUBECONFIG to a kubeconfig file, or name one with kubeconfig=…."
    if named:
        return AccessError(f"No Kubernetes cluster is known here: there is no kubeconfig {files}.", remedy=remedy)
    where = "this pod has no service account's token" if os.environ.get(IN_POD) else "this is no pod"
    return AccessError(
        f"No Kubernetes cluster is known here: {where}, KUBECONFIG isn't set, and there is no {files}.", remedy=remedy
    )


def _entries(merged: Any, kind: str, files: str) -> list[dict[str, Any]]:
    try:
        found = [entry.value for entry in merged.config.value.get(kind) or ()]
        return [entry for entry in found if entry["name"]]
    except (AttributeError, KeyError, TypeError):
        raise AccessError(f"The kubeconfig {files} can't be read: its {kind} are no list of names.") from None


def _current(merged: Any) -> str:
    """Return the current context: of several files, the first that names one decides, as for kubectl."""
    return next((str(file["current-context"]) for file in merged.config_files.values() if _names_one(file)), "")


def _names_one(file: Any) -> bool:
    return isinstance(file, dict) and bool(file.get("current-context"))


def _user(merged: Any, source: Source) -> dict[str, Any]:
    contexts = {entry["name"]: entry.get("context") or {} for entry in _entries(merged, "contexts", source.files)}
    name = (contexts.get(source.context) or {}).get("user")
    users = {entry["name"]: entry.get("user") or {} for entry in _entries(merged, "users", source.files)}
    found: dict[str, Any] = users.get(name) or {}
    return found


def _choose(contexts: dict[str, Any]) -> str:
    if not contexts:
        return "It has none; name another file with kubeconfig=…."
    return f"Name one with context=…; it has {', '.join(map(repr, contexts))}."


def _own_namespace() -> str:
    try:
        return (ACCOUNT / "namespace").read_text().strip()
    except OSError:
        return ""


def _renew_quietly(configuration: Any) -> None:
    """Let one thread at a time renew credentials, and the client's complaints be: the API tells whether they do."""
    renew = configuration.refresh_api_key_hook
    if renew is None:
        return
    lock = threading.Lock()

    def renewed(changed: Any) -> None:
        with lock, _overheard():
            renew(changed)
            # The client puts its own back.
            changed.refresh_api_key_hook = renewed

    configuration.refresh_api_key_hook = renewed


@contextlib.contextmanager
def _overheard() -> Iterator[list[str]]:
    """Take what the client logs inside: it logs what ought to be an exception, and notebooks show that."""
    said: list[str] = []
    mine = threading.get_ident()

    def keep(record: logging.LogRecord) -> bool:
        if record.module != "kube_config" or record.thread != mine:
            return True
        said.append(record.getMessage())
        return False

    root = logging.getLogger()
    root.addFilter(keep)
    try:
        yield said
    finally:
        root.removeFilter(keep)


def _line(error: object) -> str:
    """Return an error's words on one line."""
    return " ".join(str(error).split()).rstrip(".")[:300] or type(error).__name__
