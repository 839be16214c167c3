"""The compact form: tasks of one component share one template, and each passes it its own arguments.

KFP v1 writes one template per task, each with the whole component in it, so that a Workflow of a few hundred tasks is
larger than etcd accepts. Here a shared template has the component's names of inputs and outputs, and the DAG maps them.
A template has the name of the first task that uses it. A task whose settings can't be expressed by arguments keeps its
own template.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from kfp_jupyter.compiler.data_passing import DataPassing
from kfp_jupyter.compiler.names import full_name
from kfp_jupyter.compiler.templates import Body, File, body
from kfp_jupyter.components.arguments import command_line
from kfp_jupyter.components.structures import ComponentSpec
from kfp_jupyter.dsl.graph import InputFile, PipelineGraph, Task, Use
from kfp_jupyter.dsl.placeholders import Reference, collect, references, single
from kfp_jupyter.errors import ComponentError
from kfp_jupyter.naming import parameter_name
from kfp_jupyter.workflow.tags import input_tag

Line = tuple[list[str], list[str]]
"""Command and args of a container."""

Lines = dict[tuple[Any, ...], Line | None]

_OF_COMPONENT = {"args", "command", "image"}
"""Fields of a container that come from its component."""


@dataclasses.dataclass(frozen=True, slots=True)
class Shared:
    """A template that several tasks may use.

    Attributes:
        task: A task that it is the template of: its references are the template's own inputs.
        files: What it reads from files.
        outputs_by_value: Names of its outputs that are passed by value.
    """

    task: Task
    files: tuple[InputFile, ...]
    outputs_by_value: frozenset[str]

    def body(self) -> Body:
        """Return it without inputs and outputs."""
        return body(self.task)


@dataclasses.dataclass(frozen=True, slots=True)
class Sharer:
    """A task that uses a shared template.

    Attributes:
        template: The template's name.
        arguments: Text of its input parameters.
        files: Its input artifacts.
        outputs: Name of each output in the Workflow, to its name in the template.
    """

    template: str
    arguments: Mapping[str, str]
    files: tuple[InputFile, ...]
    outputs: Mapping[str, str]


def shareable(graph: PipelineGraph) -> dict[str, Line | None]:
    """Return by task the command and args that a shared template has; None for tasks that keep their own template."""
    lines: Lines = {}
    return {name: _generic(task, lines) for name, task in graph.tasks.items()}


def taken(task: Task) -> Body:
    """Return the inputs of a task with a shared template; the template itself is made once for all tasks."""
    found: dict[Reference, None] = {}
    for text in task.component.arguments.values() if task.component else ():
        collect(text, found)
    files = tuple(File(parameter_name(f.name), f.path, single(f.data), f.data) for f in task.input_files)
    return Body({}, set(map(full_name, found)), files)


def share(
    graph: PipelineGraph, wanted: DataPassing, generic: Mapping[str, Line | None]
) -> tuple[dict[str, Shared], dict[str, Sharer]]:
    """Return the shared templates by name, and the tasks that use them.

    Args:
        graph: The pipeline.
        wanted: What is passed by value, and what as an artifact.
        generic: What `shareable` returned.
    """
    templates: dict[str, Shared] = {}
    sharers: dict[str, Sharer] = {}
    known: dict[tuple[Any, ...], str] = {}
    for name, line in generic.items():
        task = graph.tasks[name]
        if line is None or task.component is None:
            continue
        travels = {output: full_name(Reference(name, output)) for output in task.outputs}
        by_value = frozenset(output for output, full in travels.items() if (name, full) in wanted.outputs_by_value)
        key = (*_identity(task, line), by_value)
        if key not in known:
            known[key] = name
            own = _as_template(task, task.component, line)
            templates[name] = Shared(own, task.input_files, by_value)
        sharers[name] = Sharer(
            known[key],
            {parameter_name(name): text for name, text in task.component.arguments.items()},
            task.input_files,
            {full: parameter_name(output) for output, full in travels.items()},
        )
    return templates, sharers


def _generic(task: Task, lines: Lines) -> Line | None:
    """Return the task's command and args with the template's own inputs in them; None where that isn't possible."""
    use = task.component
    if use is None or task.container is None:
        return None
    if any(references([task.display_name, task.cache])) or (task.pod is not None and any(references(_pod_data(task)))):
        return None
    others = {key: value for key, value in task.container.items() if key not in _OF_COMPONENT}
    if others and any(references(others)):
        return None
    files = tuple(file.name for file in task.input_files)
    key = (use.spec_json, tuple(use.arguments), files)
    if key not in lines:
        lines[key] = _expanded(use, use.spec, files)
    line = lines[key]
    if line is None:
        return None
    own = (task.container.get("command", []), task.container.get("args", []))
    given = {input_tag(parameter_name(name)): text for name, text in use.arguments.items()}
    same = all(
        len(ours) == len(real) and all(a is b or _put_in(a, given) == b for a, b in zip(ours, real, strict=True))
        for ours, real in zip(line, own, strict=True)
    )
    return line if same else None


def _expanded(use: Use, spec: ComponentSpec, files: tuple[str, ...]) -> Line | None:
    texts = {name: input_tag(parameter_name(name)) for name in use.arguments} | dict.fromkeys(files, "")
    if len(set(texts.values()) - {""}) < len(use.arguments):
        return None
    try:
        line = command_line(spec, texts)
    except ComponentError:
        return None  # What the line is depends on the arguments' values.
    return list(line.command), list(line.args)


def _put_in(word: str, given: Mapping[str, str]) -> str:
    if word in given:
        return given[word]
    for tag, text in given.items() if "{{" in word else ():
        word = word.replace(tag, text)
    return word


def _pod_data(task: Task) -> list[Any]:
    return [getattr(task.pod, field.name) for field in dataclasses.fields(task.pod)] if task.pod else []


def _identity(task: Task, line: Line) -> tuple[Any, ...]:
    """Return a key that is equal for tasks that can share a template."""
    use, container = task.component, task.container or {}
    others = {key: value for key, value in container.items() if key not in _OF_COMPONENT}
    return (
        use and use.spec_json,
        use and use.reference_json,
        id(line),
        str(container.get("image")),
        json.dumps(others, sort_keys=True) if others else "",
        repr(task.pod) if task.pod else "",
        tuple(sorted((file.name, file.path) for file in task.input_files)),
        tuple(task.shown_outputs.items()),
        task.display_name,
        task.cache,
        task.max_cache_staleness,
        task.isolated,
    )


def _as_template(task: Task, use: Use, line: Line) -> Task:
    """Return the task with the component's names of inputs, as the shared template has them."""
    container = dict(task.container or {})
    for key, words in zip(("command", "args"), line, strict=True):
        if key in container:
            container[key] = words
    arguments = {name: input_tag(parameter_name(name)) for name in use.arguments}
    return task._replace(
        container=container,
        component=use._replace(arguments=arguments),
        input_files=(),
        references=tuple(Reference("", parameter_name(name)) for name in arguments),
    )
