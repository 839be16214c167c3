"""A file of this folder: read, and written again with another answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from tests.cluster.namespaces import ACCOUNT
from tests.cluster.places import ARGO

BORDER = "\n---\n"


class Question:
    """A Workflow and what came out.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text, _, answer = path.read_text(encoding="utf-8").partition(BORDER)
        # Kubernetes reads JSON: a date or an octal number of YAML would be another Workflow there.
        self.workflow = _framed(yaml.safe_load(self._text), path.stem)
        self.answer: dict[str, Any] = yaml.safe_load(answer) or {}

    @property
    def outcome(self) -> dict[str, Any]:
        """What the real Argo made of it."""
        return {key: value for key, value in self.answer.items() if key != "local"}

    @property
    def refused(self) -> str:
        """With which words the local engine refuses it; empty where it runs it."""
        return str((self.answer.get("local") or {}).get("refuses", ""))

    def record(self, outcome: dict[str, Any], refused: str) -> None:
        """Write another answer."""
        self.answer = outcome | ({"local": {"refuses": refused}} if refused else {})
        text = yaml.dump(
            self.answer, default_flow_style=None, sort_keys=False, allow_unicode=True, width=120, Dumper=Dumper
        )
        head = f"# What Argo {ARGO} makes of it.\n"
        self.path.write_text(f"{self._text.rstrip()}{BORDER}{head}{text}", encoding="utf-8")


def _framed(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the Workflow of a document that may be the inner part of one."""
    if "kind" in document:
        return document
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": name.replace("_", "-") + "-"},
        "spec": {"serviceAccountName": ACCOUNT, "entrypoint": "main", **document},
    }


class Dumper(yaml.SafeDumper):
    """Writes each node as a block and what is in it on as few lines as there can be."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write equal things out."""
        return True
