"""component.yaml text → `ComponentSpec`, every error at its line. The format is KFP v1's."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import yaml

from kfp_jupyter.components.placeholders import (
    CommandPart,
    ConcatPlaceholder,
    IfPlaceholder,
    IfPlaceholderStructure,
    InputPathPlaceholder,
    InputValuePlaceholder,
    IsPresentPlaceholder,
    OutputPathPlaceholder,
)
from kfp_jupyter.components.structures import (
    ComponentSpec,
    ContainerImplementation,
    ContainerSpec,
    InputSpec,
    MetadataSpec,
    OutputSpec,
)
from kfp_jupyter.errors import ComponentError, Position

_T = TypeVar("_T")
_NEWER = {
    "inputUri": "addresses of artifacts are known to newer Kubeflow Pipelines only; use inputPath",
    "outputUri": "addresses of artifacts are known to newer Kubeflow Pipelines only; use outputPath",
    "inputMetadata": "it is known to newer Kubeflow Pipelines only",
    "inputOutputPortName": "it is known to newer Kubeflow Pipelines only",
    "outputMetadata": "it is known to newer Kubeflow Pipelines only",
    "executorInput": "it is known to newer Kubeflow Pipelines only",
}
_PLACEHOLDERS = ("inputValue", "inputPath", "outputPath", "concat", "if", "isPresent")


def read_component(text: str, file: str) -> ComponentSpec:
    """Return the component that a component.yaml describes.

    Args:
        text: The YAML.
        file: What the reader calls it: a path, an address.

    Raises:
        ComponentError: It is no component.yaml; the position is the line at fault.
    """
    return _Reader(text, file).component()


class _Reader:
    """Reads one document. Nodes, not values, are passed around, as they know their lines."""

    def __init__(self, text: str, file: str) -> None:
        self._lines, self._file = text.splitlines(), file
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise ComponentError(f"This is no YAML: {error.problem}.", position=self._at(line)) from None
        except yaml.YAMLError as error:
            raise ComponentError(f"{file} is no YAML: {error}.") from None
        if node is None:
            raise ComponentError(f"{file} is empty.", remedy="A component.yaml has an implementation.")
        self._root = node
        self._loader = yaml.SafeLoader("")

    def _at(self, line: int) -> Position:
        return Position(self._file, line, self._lines[line - 1] if line <= len(self._lines) else "")

    def _error(self, node: yaml.Node, message: str, remedy: str = "") -> ComponentError:
        return ComponentError(message, remedy=remedy, position=self._at(node.start_mark.line + 1))

    def component(self) -> ComponentSpec:
        """Return the whole document."""
        fields = self._fields(
            self._root, "A component", {"name", "description", "metadata", "inputs", "outputs", "implementation"}
        )
        if "implementation" not in fields:
            raise self._error(self._root, "The component has no implementation.", "Add implementation: container: …")
        inputs = self._list(fields, "inputs", self._input)
        outputs = self._list(fields, "outputs", self._output)
        for kind, specs in (("inputs", inputs), ("outputs", outputs)):
            names = [spec.name for spec in specs]
            for name in names:
                if names.count(name) > 1:
                    raise self._error(fields[kind], f"Two {kind} have the name {name!r}.", "Rename one.")
        container = self._implementation(fields["implementation"], {i.name for i in inputs}, {o.name for o in outputs})
        return ComponentSpec(
            name=self._text(fields, "name"),
            description=self._text(fields, "description"),
            metadata=self._metadata(fields["metadata"]) if "metadata" in fields else None,
            inputs=inputs,
            outputs=outputs,
            implementation=ContainerImplementation(container),
        )

    def _input(self, node: yaml.Node) -> InputSpec:
        known = {"name", "type", "description", "default", "optional", "annotations"}
        fields = self._fields(node, "An input", known)
        return InputSpec(
            name=self._name(node, fields, "An input"),
            type=self._value(fields, "type"),
            description=self._text(fields, "description"),
            default=self._value(fields, "default"),
            optional=bool(self._value(fields, "optional")),
            annotations=self._value(fields, "annotations"),
        )

    def _output(self, node: yaml.Node) -> OutputSpec:
        fields = self._fields(node, "An output", {"name", "type", "description", "annotations"})
        return OutputSpec(
            name=self._name(node, fields, "An output"),
            type=self._value(fields, "type"),
            description=self._text(fields, "description"),
            annotations=self._value(fields, "annotations"),
        )

    def _name(self, node: yaml.Node, fields: Mapping[str, yaml.Node], what: str) -> str:
        name = self._text(fields, "name")
        if not name:
            raise self._error(node, f"{what} has no name.")
        return name

    def _metadata(self, node: yaml.Node) -> MetadataSpec:
        fields = self._fields(node, "The metadata", {"annotations", "labels"})
        return MetadataSpec(self._value(fields, "annotations"), self._value(fields, "labels"))

    def _implementation(self, node: yaml.Node, inputs: set[str], outputs: set[str]) -> ContainerSpec:
        fields = self._fields(node, "The implementation", {"container", "graph"})
        if "container" not in fields:
            raise self._error(node, "The implementation has no container.", "Add container: with image: and command:.")
        container = self._fields(
            fields["container"], "The container", {"image", "command", "args", "env", "fileOutputs"}
        )
        image = self._text(container, "image")
        if not image:
            raise self._error(fields["container"], "The container has no image.")

        def part(node: yaml.Node) -> CommandPart:
            return self._part(node, inputs, outputs)

        file_outputs = self._value(container, "fileOutputs")
        for name in file_outputs or {}:
            self._known(container["fileOutputs"], name, outputs, "output")
        env = self._value(container, "env")
        return ContainerSpec(
            image=image,
            command=self._list(container, "command", part) if "command" in container else None,
            args=self._list(container, "args", part) if "args" in container else None,
            env=None if env is None else {str(name): str(value) for name, value in env.items()},
            file_outputs=file_outputs,
        )

    def _part(self, node: yaml.Node, inputs: set[str], outputs: set[str]) -> CommandPart:
        if isinstance(node, yaml.ScalarNode):
            if node.tag != "tag:yaml.org,2002:str":
                raise self._error(
                    node, f"{node.value or 'nothing'} on the command line is no text.", f"Quote it: '{node.value}'."
                )
            return str(node.value)
        if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
            raise self._error(
                node, "A word of the command line is neither text nor one placeholder.", f"{_known_placeholders()}"
            )
        ((key_node, value),) = node.value
        key = str(key_node.value)
        if key in ("inputValue", "inputPath"):
            name = self._known(value, self._scalar(value), inputs, "input")
            return InputValuePlaceholder(name) if key == "inputValue" else InputPathPlaceholder(name)
        if key == "outputPath":
            return OutputPathPlaceholder(self._known(value, self._scalar(value), outputs, "output"))
        if key == "concat":
            return ConcatPlaceholder(tuple(self._part(item, inputs, outputs) for item in self._items(value, "concat")))
        if key == "if":
            return IfPlaceholder(self._if(value, inputs, outputs))
        if key in _NEWER:
            raise self._error(node, f"The placeholder {key!r} can't be used: {_NEWER[key]}.")
        nearest = difflib.get_close_matches(key, _PLACEHOLDERS, 1, 0.5)
        raise self._error(
            node,
            f"There is no placeholder {key!r}.",
            f"Did you mean {nearest[0]}?" if nearest else _known_placeholders(),
        )

    def _if(self, node: yaml.Node, inputs: set[str], outputs: set[str]) -> IfPlaceholderStructure:
        fields = self._fields(node, "An if", {"cond", "then", "else"})
        for key in ("cond", "then"):
            if key not in fields:
                raise self._error(node, f"An if has no {key!r}.")

        def branch(node: yaml.Node) -> CommandPart | tuple[CommandPart, ...]:
            if isinstance(node, yaml.SequenceNode):
                return tuple(self._part(item, inputs, outputs) for item in node.value)
            return self._part(node, inputs, outputs)

        return IfPlaceholderStructure(
            condition=self._condition(fields["cond"], inputs),
            then_value=branch(fields["then"]),
            else_value=branch(fields["else"]) if "else" in fields else None,
        )

    def _condition(self, node: yaml.Node, inputs: set[str]) -> Any:
        if isinstance(node, yaml.ScalarNode):
            value = self._loader.construct_object(node)
            return value if isinstance(value, bool) else str(node.value)
        fields = self._fields(node, "A cond", {"isPresent", "inputValue"})
        if len(fields) != 1:
            raise self._error(node, "A cond is true, false, or one of isPresent and inputValue.")
        ((key, value),) = fields.items()
        name = self._known(value, self._scalar(value), inputs, "input")
        return IsPresentPlaceholder(name) if key == "isPresent" else InputValuePlaceholder(name)

    def _known(self, node: yaml.Node, name: str, names: set[str], what: str) -> str:
        if name in names:
            return name
        nearest = difflib.get_close_matches(name, names, 1, 0.5)
        remedy = f"Did you mean {nearest[0]!r}?" if nearest else f"Its {what}s: {', '.join(sorted(names)) or 'none'}."
        raise self._error(node, f"The component has no {what} {name!r}.", remedy)

    def _fields(self, node: yaml.Node, what: str, known: set[str]) -> dict[str, yaml.Node]:
        """Return a mapping's values by key, keys without a value left out."""
        if not isinstance(node, yaml.MappingNode):
            raise self._error(node, f"{what} is no mapping of keys to values.")
        fields: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            if key not in known:
                nearest = difflib.get_close_matches(key, known, 1, 0.5)
                remedy = f"Did you mean {nearest[0]}?" if nearest else f"It can have {', '.join(sorted(known))}."
                raise self._error(key_node, f"{what} has no {key!r}.", remedy)
            if value.tag != "tag:yaml.org,2002:null":
                fields[key] = value
        return fields

    def _list(self, fields: Mapping[str, yaml.Node], key: str, read: Callable[[yaml.Node], _T]) -> tuple[_T, ...]:
        return tuple(read(item) for item in self._items(fields[key], key)) if key in fields else ()

    def _items(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise self._error(node, f"{what} is no list.", "Begin each entry with a dash.")
        items: list[yaml.Node] = node.value
        return items

    def _value(self, fields: Mapping[str, yaml.Node], key: str) -> Any:
        return self._loader.construct_object(fields[key], deep=True) if key in fields else None

    def _text(self, fields: Mapping[str, yaml.Node], key: str) -> str | None:
        return self._scalar(fields[key]) if key in fields else None

    def _scalar(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._error(node, "This must be text.")
        return str(node.value)


def _known_placeholders() -> str:
    return f"Placeholders: {', '.join(_PLACEHOLDERS)}."
