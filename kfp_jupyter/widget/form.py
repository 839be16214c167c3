"""The pipeline's parameters as typed fields, and the entered values as the text that KFP passes on.

Source of the serialisation: ``kfp/components/_data_passing.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import dataclasses
import json
import re

from kfp_jupyter.engines.base import Workflow
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.truth import truth_of
from kfp_jupyter.workflow.specs import InputView, pipeline_spec
from kfp_jupyter.workflow.views import Parameter, WorkflowView


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """One parameter of a pipeline.

    Attributes:
        name: The parameter.
        type: Its KFP type: Integer, Float, Boolean, String, JsonObject, JsonArray, or any other name.
        value: What it is unless changed, as text; None where it has to be given.
        description: What the author says of it; may be empty.
    """

    name: str
    type: str = "String"
    value: str | None = None
    description: str = ""

    @property
    def kind(self) -> str:
        """How the value is entered: ``integer``, ``float``, ``boolean``, ``object``, ``array`` or ``text``."""
        return _KINDS.get(self.type.lower(), "text")


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """What a field's content means.

    Attributes:
        text: The argument as KFP passes it.
        problem: Why the content is no value of the field's type, in words; empty if it is one.
    """

    text: str = ""
    problem: str = ""


_KINDS = {
    "integer": "integer",
    "int": "integer",
    "float": "float",
    "double": "float",
    "boolean": "boolean",
    "bool": "boolean",
    "jsonobject": "object",
    "dict": "object",
    "jsonarray": "array",
    "list": "array",
}


def fields_of(workflow: Workflow) -> list[Field]:
    """Return a field for each parameter of the Workflow, with the type its pipeline declares."""
    declared = {item.name: item for item in pipeline_spec(workflow).inputs}
    parameters = WorkflowView(workflow).arguments.parameters
    return [_field(parameter, declared.get(parameter.name, InputView(parameter.name))) for parameter in parameters]


def _field(parameter: Parameter, declared: InputView) -> Field:
    value = declared.default if parameter.value is None else parameter.value
    kind = declared.type or "String"
    return Field(
        name=parameter.name,
        type=kind if isinstance(kind, str) else next(iter(kind), "String"),
        value=None if value is None else str(value),
        description=declared.description,
    )


def read_entry(field: Field, content: str | bool) -> Entry:
    """Return the argument that a field's content stands for, as KFP serialises it, or what is wrong with it.

    Args:
        field: The field.
        content: What was entered.
    """
    if isinstance(content, bool):
        return Entry(str(content))
    if field.kind == "text":
        if not content and field.value is None:
            return Entry(problem=f"{field.name} needs a value.")
        return Entry(content)
    text = content.strip()
    if not text:
        return Entry(problem=f"{field.name} needs {_WANTED[field.kind]}.")
    return _READERS[field.kind](field, text)


def _integer(field: Field, text: str) -> Entry:
    if re.fullmatch(r"[-+]?\d+(_\d+)*", text, re.ASCII):
        return Entry(text.replace("_", "").removeprefix("+"))
    return Entry(problem=f"{field.name} must be a whole number such as 3; got {_shown(text)}.")


def _float(field: Field, text: str) -> Entry:
    try:
        float(text)
    except ValueError:
        return Entry(problem=f"{field.name} must be a number such as 0.5 or 1e-3; got {_shown(text)}.")
    return Entry(text)


def _json(field: Field, text: str) -> Entry:
    wanted = dict if field.kind == "object" else list
    try:
        value = read_json(text)
    except ValueError as error:
        return Entry(problem=f"{field.name} must be {_WANTED[field.kind]}: {error}.")
    if not isinstance(value, wanted):
        return Entry(problem=f"{field.name} must be {_WANTED[field.kind]}; got {_shown(text)}.")
    return Entry(json.dumps(value, sort_keys=True))


def _boolean(field: Field, text: str) -> Entry:
    if truth_of(text) is None:
        return Entry(problem=f"{field.name} must be True or False; got {_shown(text)}.")
    return Entry(str(truth_of(text)))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


_READERS = {"integer": _integer, "float": _float, "object": _json, "array": _json, "boolean": _boolean}
_WANTED = {
    "integer": "a whole number",
    "float": "a number",
    "boolean": "True or False",
    "object": 'a JSON object such as {"key": 1}',
    "array": "a JSON list such as [1, 2]",
}
