"""A file of this folder: read, and written again with another answer."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.namespaces import ACCOUNT
from tests.cluster.places import ARGO

BORDER = "\n---\n"
WIDTH = 120


class Question:
    """A Workflow and what came out.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text, _, answer = path.read_text(encoding="utf-8").partition(BORDER)
        self.workflow = framed(yaml.safe_load(self._text), path.stem)
        answers: dict[str, Any] = yaml.safe_load(answer) or {}
        self.local: dict[str, Any] = answers.pop("local", {})
        self.outcome = answers

    @property
    def refused(self) -> str:
        """With which words the local engine refuses it; empty where it runs it."""
        return str(self.local.get("refuses", ""))

    @property
    def differs(self) -> str:
        """Why the local engine makes something else of it; empty where it doesn't."""
        return str(self.local.get("differs", ""))

    @property
    def local_outcome(self) -> dict[str, Any]:
        """What the local engine is to make of it: the same, some messages in its own words."""
        nodes = {path: _in_own_words(node) for path, node in self.outcome.get("nodes", {}).items()}
        outcome = self.outcome | {"nodes": nodes} if nodes else dict(self.outcome)
        for path, words in self.local.get("says", {}).items():
            outcome["nodes"] = outcome["nodes"] | {path: outcome["nodes"][path] | {"message": words}}
        return outcome

    def record(self, outcome: dict[str, Any], refused: str) -> None:
        """Write another answer. What the local engine makes otherwise is a person's to write."""
        local = {"refuses": refused} if refused else {k: v for k, v in self.local.items() if k != "refuses"}
        self.outcome, self.local = outcome, local
        answer = written(outcome | ({"local": local} if local else {}))
        head = f"# What Argo {ARGO} makes of it.\n"
        self.path.write_text(f"{self._text.rstrip()}{BORDER}{head}{answer}", encoding="utf-8")


def _in_own_words(node: dict[str, Any]) -> dict[str, Any]:
    """Return a node with what the local engine says of an exit code: there is no container with a name."""
    message = re.sub(
        r"^main: Error \(exit code (\d+)\)$", r"The program ended with exit code \1", node.get("message", "")
    )
    return node | ({"message": message} if message else {})


def framed(document: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the Workflow of a document that may hold its spec alone."""
    if "kind" in document:
        return document
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": name.replace("_", "-") + "-"},
        "spec": {"serviceAccountName": ACCOUNT, "entrypoint": "main", **document},
    }


def written(outcome: Mapping[str, Any]) -> str:
    """Return an outcome as YAML: a line for each node, more where it wouldn't fit."""
    return _block(outcome, "", {"nodes"})


def _block(value: Mapping[str, Any], indent: str, open_keys: Container[str] = ()) -> str:
    text = ""
    for key, inner in value.items():
        line = f"{indent}{_line(key)}: {_line(inner)}"
        if isinstance(inner, Mapping) and inner and (key in open_keys or len(line) > WIDTH):
            line = f"{indent}{_line(key)}:\n{_block(inner, indent + '  ').rstrip()}"
        text += f"{line}\n"
    return text


def _line(value: Any) -> str:
    """Return a value as one line."""
    text = yaml.dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1e9, Dumper=_Dumper)
    return text.removesuffix("\n").removesuffix("\n...")


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Write equal things out."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    # Any other style would break a text with line ends into several.
    style = '"' if set("\n\r\t") & set(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
