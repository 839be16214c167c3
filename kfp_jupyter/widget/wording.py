"""What a Workflow says in Argo's placeholders, in words: conditions, loops, objects of the cluster."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.parsing import MANIFEST, UnreadableError
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.yaml_reader import read_yaml
from kfp_jupyter.widget.text import count, one_line

MAX_ITEMS = 36
"""Characters up to which a loop's items are written out."""

_PLACEHOLDER = re.compile(r"\{\{=?\s*(.*?)\s*\}\}", re.DOTALL)
_QUOTED = re.compile(r"""(["'])([\w.+/-]+)\1""")
_OUTPUT = re.compile(r"tasks\.([^.]+)\.outputs\.(?:parameters|artifacts)\.(.+)")
_SPACE = re.compile(r"\s+")


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """What placeholders inside a DAG template stand for.

    Attributes:
        tasks: Its tasks → names of their templates.
        inputs: Its input parameters → what they are given, in words.
        templates: All templates by name.
    """

    tasks: Mapping[str, str]
    inputs: Mapping[str, str]
    templates: Mapping[str, Mapping[str, Any]]

    def words(self, text: object) -> str:
        """Return a text with its placeholders in words."""
        return _PLACEHOLDER.sub(lambda match: self._reference(match[1]), str(text))

    def inside(self, task: Mapping[str, Any]) -> dict[str, str]:
        """Return what a task of this DAG gives to its template, in words."""
        given = (task.get("arguments") or {}).get("parameters") or ()
        return {str(p["name"]): self.words(p.get("value", "")) for p in given if "name" in p}

    def _reference(self, name: str) -> str:
        kind, _, rest = name.partition(".parameters.")
        if kind == "inputs":
            return self.inputs.get(rest, rest)
        if kind == "workflow":
            return rest
        output = _OUTPUT.fullmatch(name)
        return self._output(output[1], output[2]) if output else name

    def _output(self, task: str, name: str) -> str:
        """Return an output in words; of a group, it is the output of the step in it that makes it."""
        made_by = self.tasks.get(task, task)
        if self.templates.get(made_by, {}).get("dag"):
            # The compiler calls a group's output by the step's template and the step's output.
            task = made_by = max((t for t in self.templates if name.startswith(f"{t}-")), key=len, default=task)
        return f"{task}.{name.removeprefix(f'{made_by}-')}"


def condition_text(when: object, scope: Scope) -> str:
    """Return a condition in words; empty for none."""
    if not when:
        return ""
    text = _QUOTED.sub(r"\2", scope.words(when))
    return _SPACE.sub(" ", text.replace("&&", "and").replace("||", "or")).strip()


def loop_text(task: Mapping[str, Any], scope: Scope) -> str:
    """Return what a task is repeated for, in words; empty for a task that isn't repeated."""
    if task.get("withItems") is not None:
        return _items(task["withItems"])
    if task.get("withParam") is not None:
        return one_line(_listed(scope.words(task["withParam"])), 200)
    sequence = task.get("withSequence")
    if not sequence:
        return ""
    start, end = sequence.get("start", "0"), sequence.get("end")
    return scope.words(f"{sequence.get('count', '?')} numbers" if end is None else f"{start} to {end}")


def resource_text(template: Mapping[str, Any], inputs: Mapping[str, str]) -> str:
    """Return what a template does to which object of the cluster, ``create Job train``; empty for other templates.

    Args:
        template: The template.
        inputs: What its task gives it, in words.
    """
    resource = template.get("resource")
    if not resource:
        return ""
    manifest = Scope({}, inputs, {}).words(resource.get("manifest", ""))
    try:
        found = read_yaml(manifest, MANIFEST)
    except UnreadableError:
        found = None
    found = found if isinstance(found, dict) else {}
    metadata = found.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    name = str(metadata.get("name") or metadata.get("generateName") or "").removeprefix("workflow.name-").rstrip("-")
    words = [str(resource.get("action") or "create"), str(found.get("kind") or "object"), name]
    return one_line(" ".join(filter(None, words)), 120)


def _items(items: object) -> str:
    if not isinstance(items, list):
        return _listed(str(items))
    text = json.dumps(items, ensure_ascii=False, default=str)
    if len(text) <= MAX_ITEMS:
        return text
    keys = list(items[0]) if isinstance(items[0], dict) else []
    named = one_line(", ".join(map(str, keys)), MAX_ITEMS)
    return f"{count(len(items), 'item')} ({named})" if named else count(len(items), "item")


def _listed(text: str) -> str:
    """Return a list that is written out as JSON as other lists are shown; other text as it is."""
    try:
        found = read_json(text)
    except ValueError:
        return text
    return _items(found) if isinstance(found, list) else text
