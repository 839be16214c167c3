"""A Workflow, its templates, tasks, parameters and artifacts, read by name instead of by key.

The fields are those of ``WorkflowSpec``, ``Template``, ``DAGTask``, ``WorkflowStep``, ``Parameter`` and ``Artifact`` in
Argo's field reference (https://argo-workflows.readthedocs.io/en/release-3.7/fields/). A view holds the plain data that
it reads and changes nothing; a field that is absent, null or of a wrong type is empty, as a Workflow by another hand
may hold anything.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.parsing.objects import Object, entries, section, text


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a Workflow, a template or a task.

    Attributes:
        raw: The plain data.
    """

    raw: Object

    @property
    def name(self) -> str:
        """Its name."""
        return text(self.raw, "name")

    @property
    def value(self) -> Any:
        """Its value, which may be a number; of one without, its default; None for neither."""
        value = self.raw.get("value")
        return self.raw.get("default") if value is None else value

    @property
    def source(self) -> Object:
        """Where an output's value comes from."""
        return section(self.raw, "valueFrom")


@dataclasses.dataclass(frozen=True, slots=True)
class Artifact:
    """An artifact of a Workflow, a template or a task.

    Attributes:
        raw: The plain data.
    """

    raw: Object

    @property
    def name(self) -> str:
        """Its name."""
        return text(self.raw, "name")

    @property
    def path(self) -> str:
        """The file in the container; empty for none."""
        return text(self.raw, "path")

    @property
    def text(self) -> str | None:
        """Its content, if the Workflow itself contains it; None for an artifact from elsewhere."""
        raw = self.raw.get("raw")
        return text(raw, "data") if isinstance(raw, Mapping) else None

    @property
    def needed(self) -> bool:
        """Whether an argument must be given for it."""
        return not self.raw.get("raw") and not self.raw.get("optional")


@dataclasses.dataclass(frozen=True, slots=True)
class Ports:
    """Inputs, outputs or arguments: parameters and artifacts.

    Attributes:
        raw: The plain data.
    """

    raw: Object

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters."""
        return tuple(map(Parameter, entries(self.raw, "parameters")))

    @property
    def artifacts(self) -> tuple[Artifact, ...]:
        """The artifacts."""
        return tuple(map(Artifact, entries(self.raw, "artifacts")))


@dataclasses.dataclass(frozen=True, slots=True)
class Task:
    """A task of a DAG, or a step of a list of steps.

    Attributes:
        raw: The plain data.
    """

    raw: Object

    @property
    def name(self) -> str:
        """Its name, unique in its template."""
        return text(self.raw, "name")

    @property
    def template(self) -> str:
        """Name of the template it runs; empty where it holds that itself, or where it is another Workflow's."""
        return text(self.raw, "template")

    @property
    def arguments(self) -> Ports:
        """The arguments of its template."""
        return Ports(section(self.raw, "arguments"))

    @property
    def dependencies(self) -> tuple[str, ...]:
        """The tasks it waits for; empty where ``depends`` names them."""
        named = self.raw.get("dependencies")
        return tuple(map(str, named)) if isinstance(named, (list, tuple)) else ()


@dataclasses.dataclass(frozen=True, slots=True)
class Template:
    """A template: what a task runs.

    Attributes:
        raw: The plain data.
    """

    raw: Object

    @property
    def name(self) -> str:
        """Its name."""
        return text(self.raw, "name")

    @property
    def annotations(self) -> Object:
        """Annotations of its pods; the KFP v1 dialect keeps what it knows of a component there."""
        return section(self.raw, "metadata", "annotations")

    @property
    def inputs(self) -> Ports:
        """Its inputs."""
        return Ports(section(self.raw, "inputs"))

    @property
    def outputs(self) -> Ports:
        """Its outputs."""
        return Ports(section(self.raw, "outputs"))

    @property
    def container(self) -> Object:
        """The container it runs, its own or a script's; empty for other templates."""
        return section(self.raw, "container") or section(self.raw, "script")

    @property
    def is_dag(self) -> bool:
        """Whether it runs a DAG of tasks."""
        return bool(section(self.raw, "dag"))

    @property
    def dag_tasks(self) -> tuple[Task, ...]:
        """The tasks of a DAG."""
        return tuple(map(Task, entries(self.raw, "dag", "tasks")))

    @property
    def step_groups(self) -> tuple[tuple[Task, ...], ...]:
        """The groups of a list of steps; those of a group run side by side."""
        groups = self.raw.get("steps")
        listed = groups if isinstance(groups, (list, tuple)) else ()
        return tuple(tuple(map(Task, entries({"steps": together}, "steps"))) for together in listed)

    @property
    def tasks(self) -> Iterator[Task]:
        """The tasks of a DAG, or those of a list of steps one group after the other."""
        yield from self.dag_tasks
        for together in self.step_groups:
            yield from together


NO_TEMPLATE = Template({})
"""What is read of a template that isn't known."""


@dataclasses.dataclass(frozen=True, slots=True)
class WorkflowView:
    """A whole Workflow.

    Attributes:
        raw: The plain data.
    """

    raw: Object

    @property
    def spec(self) -> Object:
        """Its spec; for a run of a WorkflowTemplate, the spec of that.

        Argo keeps a copy of it in the status, as ``storedWorkflowTemplateSpec``.
        """
        stored = section(self.raw, "status", "storedWorkflowTemplateSpec")
        spec = section(self.raw, "spec")
        return {**spec, **stored} if stored else spec

    @property
    def name(self) -> str:
        """Its name; empty before it is submitted."""
        return text(self.raw, "metadata", "name")

    @property
    def generate_name(self) -> str:
        """What its name will begin with; empty for none."""
        return text(self.raw, "metadata", "generateName")

    @property
    def labels(self) -> Object:
        """Its labels."""
        return section(self.raw, "metadata", "labels")

    @property
    def annotations(self) -> Object:
        """Its annotations."""
        return section(self.raw, "metadata", "annotations")

    @property
    def entrypoint(self) -> str:
        """Name of the template that it runs."""
        return text(self.spec, "entrypoint")

    @property
    def on_exit(self) -> str:
        """Name of the template that runs when the run ends; empty for none."""
        return text(self.spec, "onExit")

    @property
    def arguments(self) -> Ports:
        """Its arguments: the pipeline's parameters with their values."""
        return Ports(section(self.spec, "arguments"))

    @property
    def nodes(self) -> Mapping[str, Object]:
        """The nodes of its run by their ids."""
        return section(self.raw, "status", "nodes")
