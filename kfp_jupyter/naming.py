"""Names that Kubernetes and Argo accept, and the known name nearest to a misspelt one.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/; ``sanitize_k8s_name`` in
``kfp/compiler/_k8s_helper.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Container, Iterable


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name that was probably meant; None if none is close enough.

    Args:
        word: What was written: a misspelt name, or the beginning of one.
        known: The names.
    """
    names = {name.lower(): name for name in known}
    written = word.lower()
    begun = [name for name in names if len(written) >= 3 and name.startswith(written)]
    found = difflib.get_close_matches(written, names, 1, 0.7 if len(written) > 3 else 0.65) or begun[:1]
    return names[found[0]] if found else None


@functools.lru_cache(maxsize=10_000)
def k8s_name(name: str) -> str:
    """Return the name as Kubernetes object and Argo template names must be (RFC 1123 label, any length).

    The result may be empty, when no character of the name is usable.
    """
    return _dashes(re.sub("[^-0-9a-z]+", "-", name.lower()))


@functools.lru_cache(maxsize=10_000)
def parameter_name(name: str) -> str:
    """Return the name as Argo parameter and artifact names must be (capitals and underscores stay)."""
    return _dashes(re.sub("[^-_0-9A-Za-z]+", "-", name))


def _dashes(name: str) -> str:
    return re.sub("-+", "-", name).strip("-")


def unique_name(name: str, taken: Container[str], separator: str = "-") -> str:
    """Return the name; if it is taken, with the first free number from 2 appended.

    Args:
        name: The wanted name.
        taken: Names that are in use.
        separator: What is put between the name and a number.
    """
    if name not in taken:
        return name
    number = 2
    while f"{name}{separator}{number}" in taken:
        number += 1
    return f"{name}{separator}{number}"


def node_id(workflow: str, node_name: str) -> str:
    """Return the id of a node in Argo: the workflow's own name for the root, else that name and a 32-bit FNV-1a hash.

    From ``Workflow.NodeID`` in ``pkg/apis/workflow/v1alpha1/workflow_types.go`` of Argo Workflows 3.7.4.

    Args:
        workflow: ``metadata.name`` of the Workflow.
        node_name: The node's full name, such as ``my-run-x7f2p.train``.
    """
    if node_name == workflow:
        return workflow
    value = 0x811C9DC5
    for byte in node_name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return f"{workflow}-{value}"


class UniqueNames:
    """Names in the order they are asked for, each given once.

    Args:
        separator: What is put between a name and its number.
    """

    def __init__(self, separator: str = "-") -> None:
        self._separator = separator
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def new(self, name: str) -> str:
        """Return the name, or the name with the first free number from 2 behind it, as `unique_name` does."""
        found, number = name, self._next.get(name, 2)
        while found in self._taken:
            found = f"{name}{self._separator}{number}"
            number += 1
        self._next[name] = number
        self._taken.add(found)
        return found
