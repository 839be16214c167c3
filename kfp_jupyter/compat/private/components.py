"""KFP v1's ``kfp.components._components``: what makes tasks of components."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from kfp_jupyter.components import load_component_from_file, load_component_from_text, load_component_from_url
from kfp_jupyter.components.arguments import INPUTS_DIR, OUTPUTS_DIR, command_line, input_path, output_path
from kfp_jupyter.components.component import Component, task_maker
from kfp_jupyter.components.graph_component import component_of_spec
from kfp_jupyter.components.loading import IN_ARCHIVE
from kfp_jupyter.components.structures import ComponentReference, ComponentSpec

_default_component_name = "Component"
_COMPONENT_FILE_NAME_IN_ARCHIVE = IN_ARCHIVE
_inputs_dir = INPUTS_DIR
_outputs_dir = OUTPUTS_DIR
_single_io_file_name = "data"
_generate_input_file_name = input_path
_generate_output_file_name = output_path


class _ResolvedCommandLineAndPaths(NamedTuple):
    command: list[str]
    args: list[str]
    input_paths: Mapping[str, str]
    output_paths: Mapping[str, str]
    inputs_consumed_by_value: Mapping[str, str]


def _create_task_factory_from_component_spec(
    component_spec: ComponentSpec,
    component_filename: str | None = None,
    component_ref: ComponentReference | None = None,
) -> Component:
    reference = component_ref or ComponentReference(url=component_filename, spec=component_spec)
    return component_of_spec(component_spec, reference=reference)


def _create_task_object_from_component_and_arguments(
    component_spec: ComponentSpec, arguments: Mapping[str, Any], component_ref: ComponentReference | None = None
) -> Any:
    component = component_of_spec(component_spec, reference=component_ref)
    make_task = task_maker.get()
    given = dict(arguments)
    return component.make_task(given, make_task) if make_task else component.task_of_no_pipeline(given)


def _load_component_spec_from_file(path: str) -> ComponentSpec:
    return load_component_from_file(path).component_spec


def _load_component_spec_from_url(url: str, auth: Any = None) -> ComponentSpec:
    return load_component_from_url(url, auth).component_spec


def _load_component_spec_from_component_text(text: str | bytes) -> ComponentSpec:
    return load_component_from_text(text).component_spec


def _resolve_command_line_and_paths(
    component_spec: ComponentSpec,
    arguments: Mapping[str, Any],
    input_path_generator: Callable[[str], str] = input_path,
    output_path_generator: Callable[[str], str] = output_path,
) -> _ResolvedCommandLineAndPaths:
    line = command_line(component_spec, {name: str(value) for name, value in arguments.items()})
    moved = {path: input_path_generator(name) for name, path in line.input_paths.items()}
    moved |= {path: output_path_generator(name) for name, path in line.output_paths.items()}

    def words(given: tuple[str, ...]) -> list[str]:
        return [moved.get(word, word) for word in given]

    return _ResolvedCommandLineAndPaths(
        words(line.command),
        words(line.args),
        {name: moved[path] for name, path in line.input_paths.items()},
        {name: moved[path] for name, path in line.output_paths.items()},
        line.by_value,
    )
