"""Which Kubernetes API, as whom and in which namespace: from a pod's own account, or from a kubeconfig.

The source is chosen once, and read again when the credentials change: after a switch of the kubeconfig's current
context, what is followed already stays with its own cluster.

Several files are merged, and relative paths in them resolved, as kubectl does it:
https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kfp_jupyter.kubernetes.errors import ClusterConfigError
from kfp_jupyter.parsing import MANIFEST
from kfp_jupyter.parsing.files import read_file
from kfp_jupyter.printable import tidy

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
"""In a pod: its service account."""

IN_POD = "KUBERNETES_SERVICE_HOST"
"""Set in every pod."""

DEFAULT_FILE = "~/.kube/config"

_PATHS = ("certificate-authority", "client-certificate", "client-key", "tokenFile")
"""Fields that name files; relative ones are looked for beside the kubeconfig, as kubectl does."""


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


@dataclasses.dataclass(frozen=True, slots=True)
class Context:
    """What a kubeconfig says of a context; names of files are absolute.

    Attributes:
        cluster: Its cluster: ``server``, ``certificate-authority``, ``proxy-url``, …
        user: Its user: ``token``, ``exec``, …; empty for none.
        merged: The Kubernetes client's reader of the files.
        name: The context's name, as the files have it.
    """

    cluster: dict[str, Any] = dataclasses.field(repr=False)
    user: dict[str, Any] = dataclasses.field(repr=False)
    merged: Any = dataclasses.field(repr=False)
    name: Any


def find_source(context: str | None = None, kubeconfig: str | None = None) -> Source:
    """Return what leads to the API that is meant.

    Args:
        context: Which context of the kubeconfig; by default its current one.
        kubeconfig: Which file; by default ``$KUBECONFIG``, the pod's own account, then ``~/.kube/config``.

    Raises:
        ClusterConfigError: Nothing does.
    """
    named = kubeconfig or os.environ.get("KUBECONFIG") or ""
    if not named and not context and (ACCOUNT / "token").exists() and os.environ.get(IN_POD):
        return Source(namespace=own_namespace())
    files = named or DEFAULT_FILE
    merged = _read(files, named=bool(named))
    contexts = {str(entry["name"]): entry.get("context") or {} for entry in _entries(merged, "contexts", files)}
    chosen = context or _current(merged)
    if not chosen:
        raise ClusterConfigError(f"The kubeconfig {files} doesn't set a current context.", remedy=_choose(contexts))
    if chosen not in contexts:
        raise ClusterConfigError(f"The kubeconfig {files} has no context {chosen!r}.", remedy=_choose(contexts))
    return Source(files, chosen, str(contexts[chosen].get("namespace") or ""))


def read_context(source: Source) -> Context:
    """Return what the files of a source say of its context, as they are now.

    Args:
        source: One with files.

    Raises:
        ClusterConfigError: They can't be read, or don't say it.
    """
    merged = _read(source.files, named=True)
    entry = next((e for e in _entries(merged, "contexts", source.files) if str(e["name"]) == source.context), None)
    if entry is None:
        raise ClusterConfigError(f"{source} is no longer there.".capitalize(), remedy="Choose another with context=….")
    with reading(source):
        context = entry["context"]
        cluster = _named(merged, "clusters", "cluster", context["cluster"])
        if not cluster:
            raise ClusterConfigError(
                f"There is something wrong with {source}: its cluster {context['cluster']!r} isn't there."
            )
        user = _named(merged, "users", "user", context["user"]) if context.get("user") else {}
        return Context(cluster, user, merged, entry["name"])


@contextlib.contextmanager
def reading(source: Source) -> Iterator[None]:
    """Raise whatever goes wrong inside as an error of a source."""
    try:
        yield
    except ClusterConfigError:
        raise
    except KeyError as error:
        raise ClusterConfigError(f"There is something wrong with {source}: it has no {error}.") from None
    except Exception as error:  # noqa: BLE001  the client, too, raises whatever a malformed file leads it to
        raise ClusterConfigError(f"There is something wrong with {source}: {tidy(error)}.") from None


def _named(merged: Any, kind: str, field: str, name: Any) -> dict[str, Any]:
    for node in merged.config.value.get(kind) or ():
        if node.value["name"] == name:
            found = dict(node.value.get(field) or {})
            beside = Path(node.path).absolute().parent
            found |= {key: str(beside / str(found[key])) for key in _PATHS if found.get(key)}
            plugin = found.get("exec")
            if isinstance(plugin, dict) and "/" in str(plugin.get("command")):
                found["exec"] = plugin | {"command": str(beside / str(plugin["command"]))}
            return found
    return {}


def _read(files: str, *, named: bool) -> Any:
    """Return the client's reader of some kubeconfig files, with what they hold together."""
    # Weighs half a second and 35 MiB; who runs locally does without.
    from kubernetes import config  # noqa: PLC0415  (lazy, see above)

    try:
        _check_files(files)
        merged = config.kube_config.KubeConfigMerger(files)
    except Exception as error:  # noqa: BLE001  the client raises whatever a malformed file leads it to
        raise ClusterConfigError(f"The kubeconfig {files} can't be read: {tidy(error)}.") from None
    if merged.config is None:
        raise _no_file(files, named=named)
    return merged


def _check_files(files: str) -> None:
    """Refuse what the client would read without end, or end the process with: devices, pipes and bombs of YAML."""
    from kfp_jupyter.parsing.yaml_reader import read_yaml  # noqa: PLC0415  (a program's own yaml.py may be found first)

    for path in map(os.path.expanduser, filter(None, files.split(os.pathsep))):
        if os.path.exists(path):  # noqa: PTH110  (what the client asks)
            read_yaml(read_file(path, MANIFEST), MANIFEST)


def _no_file(files: str, *, named: bool) -> ClusterConfigError:
    remedy = "Set KUBECONFIG to a kubeconfig file, or name one with kubeconfig=…."
    if named:
        return ClusterConfigError(
            f"No Kubernetes cluster is known here: there is no kubeconfig {files}.", remedy=remedy
        )
    where = "this pod has no service account's token" if os.environ.get(IN_POD) else "this is not a pod"
    return ClusterConfigError(
        f"No Kubernetes cluster is known here: {where}, KUBECONFIG isn't set, and there is no {files}.", remedy=remedy
    )


def _entries(merged: Any, kind: str, files: str) -> list[dict[str, Any]]:
    try:
        found = [entry.value for entry in merged.config.value.get(kind) or ()]
        return [entry for entry in found if entry["name"]]
    except (AttributeError, KeyError, TypeError):
        raise ClusterConfigError(f"The kubeconfig {files} can't be read: its {kind} are not a list of names.") from None


def _current(merged: Any) -> str:
    """Return the current context: of several files, the first that names one decides, as for kubectl."""
    return next((str(file["current-context"]) for file in merged.config_files.values() if _names_one(file)), "")


def _names_one(file: Any) -> bool:
    return isinstance(file, dict) and bool(file.get("current-context"))


def _choose(contexts: dict[str, Any]) -> str:
    if not contexts:
        return "It has none; name another file with kubeconfig=…."
    return f"Name one with context=…; it has {', '.join(map(repr, contexts))}."


def own_namespace() -> str:
    """Return the namespace of the pod that this program runs in; empty outside of a cluster."""
    try:
        return (ACCOUNT / "namespace").read_text().strip()
    except OSError:
        return ""
