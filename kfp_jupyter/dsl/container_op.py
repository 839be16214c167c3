"""A task while its pipeline is being traced."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.components.arguments import CommandLine, command_line, input_path
from kfp_jupyter.components.component import Component, python_name
from kfp_jupyter.components.structures import InputSpec
from kfp_jupyter.components.types import TypeName, compatible, shown, to_text
from kfp_jupyter.dsl.graph import InputFile, Task
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.text import Reference, parse, references
from kfp_jupyter.errors import ComponentError, PipelineError, author_position

UI_OUTPUTS = ("mlpipeline_ui_metadata", "mlpipeline_metrics")
"""Outputs that are for people: no task can take them."""


class ContainerOp:
    """A task: one use of a component in a pipeline. Made by calling the component.

    Args:
        name: The task's name, unique in the pipeline.
        component: What it runs.
        arguments: Values by input name.

    Raises:
        PipelineError: An argument is missing or isn't of the declared type.
    """

    def __init__(self, name: str, component: Component, arguments: Mapping[str, Any]) -> None:
        self.name = name
        self.component = component
        self.display_name = ""
        settings = component.settings
        self.cache, self.isolated = settings.cache, settings.isolated
        given = {"cpu": settings.cpu, "memory": settings.memory}
        self.limits = {resource: amount for resource, amount in given.items() if amount}
        self.requests: dict[str, str] = {}
        self._after: list[str] = []
        spec = component.component_spec
        self._arguments = _texts(component, arguments)
        self._nothing = [name for name, value in arguments.items() if value is None]
        self._line: CommandLine = command_line(spec, self._arguments)
        types = {output.name: output.type for output in spec.outputs}
        self._outputs = {
            path_name: PipelineParam(path_name, name, param_type=types.get(path_name))
            for path_name in self._line.output_paths
            if path_name not in UI_OUTPUTS
        }

    @property
    def outputs(self) -> Outputs:
        """The task's outputs by name, to be passed to other components."""
        return Outputs(self)

    @property
    def output(self) -> PipelineParam:
        """The task's only output.

        Raises:
            PipelineError: It has none, or several.
        """
        if len(self._outputs) == 1:
            return next(iter(self._outputs.values()))
        names = ", ".join(f'.outputs["{name}"]' for name in self._outputs)
        raise PipelineError(
            f"The task {self.name!r} has {len(self._outputs) or 'no'} outputs, so .output says not which.",
            remedy=f"Use {names}." if names else "",
            position=author_position(),
        )

    def after(self, *ops: ContainerOp) -> ContainerOp:
        """Start this task only when the others are done; return it."""
        for op in ops:
            if not isinstance(op, ContainerOp):
                raise PipelineError(
                    f".after() of the task {self.name!r} was given {op!r}, which is no task.",
                    remedy="Pass what a component returns when it is called.",
                    position=author_position(),
                )
            self._after.append(op.name)
        return self

    def set_display_name(self, name: str) -> ContainerOp:
        """Set what people read instead of the task's name; return the task."""
        self.display_name = name
        return self

    def set_cpu_limit(self, cpu: str) -> ContainerOp:
        """Set the CPU limit, in Kubernetes' notation (``500m``); return the task."""
        self.limits["cpu"] = str(cpu)
        return self

    def set_memory_limit(self, memory: str) -> ContainerOp:
        """Set the memory limit, in Kubernetes' notation (``1Gi``); return the task."""
        self.limits["memory"] = str(memory)
        return self

    def set_cpu_request(self, cpu: str) -> ContainerOp:
        """Set the CPU request, in Kubernetes' notation (``500m``); return the task."""
        self.requests["cpu"] = str(cpu)
        return self

    def set_memory_request(self, memory: str) -> ContainerOp:
        """Set the memory request, in Kubernetes' notation (``1Gi``); return the task."""
        self.requests["memory"] = str(memory)
        return self

    def set_caching_options(self, enable_caching: bool) -> ContainerOp:
        """Say whether an earlier result of the same step may be used; return the task."""
        self.cache = enable_caching
        return self

    def __str__(self) -> str:
        raise PipelineError(
            f"The task {self.name!r} was formatted into a string.",
            remedy="Format its .output instead.",
            position=author_position(),
        )

    def __repr__(self) -> str:
        return f"<task {self.name!r}>"

    def freeze(self) -> Task:
        """Return the task as a value."""
        line = self._line
        files = [InputFile(name, path, parse(self._arguments[name])) for name, path in line.input_paths.items()]
        # Nobody reads these, but a Workflow of KFP v1 has a file for an optional input that is given None.
        files += [InputFile(name, input_path(name), ("None",)) for name in self._nothing]
        return Task(
            name=self.name,
            display_name=self.display_name,
            component=self.component.component_spec,
            reference=self.component.reference,
            command=tuple(map(parse, line.command)),
            args=tuple(map(parse, line.args)),
            by_value={name: parse(text) for name, text in line.by_value.items()},
            input_files=tuple(files),
            outputs=dict(line.output_paths),
            after=tuple(dict.fromkeys(self._after)),
            limits=dict(self.limits),
            requests=dict(self.requests),
            cache=self.cache,
            isolated=self.isolated,
        )

    def references(self) -> Iterator[Reference]:
        """Yield every parameter and output that the task's arguments hold."""
        for text in self._arguments.values():
            yield from references(parse(text))


@dataclasses.dataclass(frozen=True)
class Outputs(Mapping[str, PipelineParam]):
    """A task's outputs by name."""

    op: ContainerOp

    def __getitem__(self, name: str) -> PipelineParam:
        outputs = self.op._outputs
        for candidate in outputs:
            if name in (candidate, python_name(candidate)):
                return outputs[candidate]
        known = ", ".join(repr(n) for n in outputs) or "none"
        if name in UI_OUTPUTS and name in self.op._line.output_paths:
            raise PipelineError(
                f"The output {name!r} of the task {self.op.name!r} is shown to people and can't be passed on.",
                remedy="Give the data an output of its own.",
                position=author_position(),
            )
        raise PipelineError(
            f"The task {self.op.name!r} has no output {name!r}.",
            remedy=f"Its outputs: {known}.",
            position=author_position(),
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self.op._outputs)

    def __len__(self) -> int:
        return len(self.op._outputs)


def _texts(component: Component, arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return the arguments as text, with defaults filled in."""
    texts = {}
    for spec in component.component_spec.inputs:
        value = arguments.get(spec.name, spec.default)
        if spec.name in arguments or value is not None:
            text = _text(component, spec, value)
            if text is not None:
                texts[spec.name] = text
    return texts


def _text(component: Component, spec: InputSpec, value: Any) -> str | None:
    what = f"input {spec.name!r} of component {component.name!r}"
    if isinstance(value, ContainerOp):
        names = ", ".join(f'.outputs["{name}"]' for name in value.outputs) or "it has no outputs"
        raise PipelineError(
            f"The task {value.name!r} itself was passed to {what}.",
            remedy=f"Pass one of its outputs: .output, {names}.",
            position=author_position(),
        )
    if isinstance(value, PipelineParam):
        if not compatible(value.param_type, spec.type):
            raise PipelineError(
                f"The {_described(value)} has type {shown(value.param_type)}, but {what} takes {shown(spec.type)}.",
                remedy="Change one of the declared types, or pass it with .ignore_type().",
                position=author_position(),
            )
        return str(value)
    if value is None:
        if spec.optional:
            return None
        raise PipelineError(
            f"None was passed to {what}, which is not optional.",
            remedy="Give the function's parameter a default to make it so.",
            position=author_position(),
        )
    try:
        return to_text(_default(spec, value), spec.type, what)
    except ComponentError as error:
        raise PipelineError(error.message, remedy=error.remedy, position=author_position()) from None


def _default(spec: InputSpec, value: Any) -> Any:
    """Numbers among defaults pass through a number, as in KFP v1: the default ``3`` of a Float becomes ``3.0``."""
    if value is spec.default and isinstance(value, str) and spec.type in ("Integer", "Float"):
        return int(value) if spec.type == "Integer" else float(value)
    return value


def _described(param: PipelineParam) -> str:
    kind: TypeName = (
        f"output {param.name!r} of task {param.op_name!r}" if param.op_name else f"parameter {param.name!r}"
    )
    return str(kind)
