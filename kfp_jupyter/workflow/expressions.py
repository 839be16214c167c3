"""Argo's placeholders and expressions in words: conditions, loops, Kubernetes objects.

Source: https://github.com/Knetic/govaluate.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping

from kfp_jupyter.parsing import MANIFEST, UnreadableError
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.objects import section, text
from kfp_jupyter.parsing.yaml_reader import read_yaml
from kfp_jupyter.printable import count, one_line
from kfp_jupyter.workflow.tags import output_of, replace_tags
from kfp_jupyter.workflow.views import Task, Template

MAX_ITEMS = 36
"""Characters up to which a loop's items are written out."""

_QUOTED = re.compile(r"""(["'])([\w.+/-]+)\1""")
_SPACE = re.compile(r"\s+")


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """The meaning of placeholders inside a DAG template.

    Attributes:
        tasks: Its tasks → names of their templates.
        inputs: Its input parameters → their arguments, in words.
        templates: All templates by name.
    """

    tasks: Mapping[str, str]
    inputs: Mapping[str, str]
    templates: Mapping[str, Template]

    def words(self, text: object) -> str:
        """Return a text with its placeholders in words."""
        return replace_tags(str(text), self._reference)

    def inside(self, task: Task) -> dict[str, str]:
        """Return the arguments of a task of this DAG, in words."""
        given = task.arguments.parameters
        return {p.name: self.words("" if p.value is None else p.value) for p in given if p.name}

    def _reference(self, name: str) -> str:
        kind, _, rest = name.partition(".parameters.")
        if kind == "inputs":
            return self.inputs.get(rest, rest)
        if kind == "workflow":
            return rest
        output = output_of(name)
        return self._output(output.task, output.name) if output else name

    def _output(self, task: str, name: str) -> str:
        """Return an output in words; of a group, it is the output of the step in it that makes it."""
        made_by = self.tasks.get(task, task)
        template = self.templates.get(made_by)
        if template and template.is_dag:
            # The compiler calls a group's output by the step's template and the step's output.
            task = made_by = max((t for t in self.templates if name.startswith(f"{t}-")), key=len, default=task)
        return f"{task}.{name.removeprefix(f'{made_by}-')}"


def condition_text(when: object, scope: Scope) -> str:
    """Return a condition as a reader writes it; empty for none.

    Args:
        when: A task's ``when``.
        scope: Gives the tags in it their words.
    """
    if not when:
        return ""
    text = _QUOTED.sub(r"\2", scope.words(when))
    return _SPACE.sub(" ", text.replace("&&", "and").replace("||", "or")).strip()


def loop_text(task: Task, scope: Scope) -> str:
    """Return what a task loops over, in words; empty for a task without a loop.

    Args:
        task: The task.
        scope: Gives the tags in its items their words.
    """
    if task.raw.get("withItems") is not None:
        return _items(task.raw["withItems"])
    if task.raw.get("withParam") is not None:
        return one_line(_listed(scope.words(task.raw["withParam"])), 200)
    sequence = section(task.raw, "withSequence")
    if not sequence:
        return ""
    start, end = sequence.get("start", "0"), sequence.get("end")
    return scope.words(f"{sequence.get('count', '?')} numbers" if end is None else f"{start} to {end}")


def resource_text(template: Template, inputs: Mapping[str, str]) -> str:
    """Return the action of a template on a Kubernetes object, ``create Job train``; empty for other templates.

    Args:
        template: The template.
        inputs: The arguments of its task, in words.
    """
    resource = section(template.raw, "resource")
    if not resource:
        return ""
    manifest = Scope({}, inputs, {}).words(resource.get("manifest", ""))
    try:
        found = read_yaml(manifest, MANIFEST)
    except UnreadableError:
        found = None
    given = text(found, "metadata", "name") or text(found, "metadata", "generateName")
    name = given.removeprefix("workflow.name-").rstrip("-")
    words = [text(resource, "action") or "create", text(found, "kind") or "object", name]
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
