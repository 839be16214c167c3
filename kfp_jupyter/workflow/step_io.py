"""A step's inputs and outputs under the names that its component gave them.

A Workflow of the KFP v1 dialect names a step's input after the output it comes from (``load-train``), and leaves
constants in the command line; the component's own names and all its arguments are in annotations of the template.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

from kfp_jupyter.workflow.dialect import SUBPATH
from kfp_jupyter.workflow.specs import component_arguments
from kfp_jupyter.workflow.tags import input_of, replace_tags
from kfp_jupyter.workflow.views import Template

Rows = list[tuple[str, str | None]]
"""Names with values; None where it is a file."""

_INPUT_FILE = re.compile(r"/tmp/inputs/([^/]+)/data")


def inputs_of(template: Template, values: Mapping[str, str], files: Sequence[str]) -> Rows:
    """Return a step's inputs.

    Args:
        template: The step's template; an empty one if unknown.
        values: Values of its input parameters.
        files: Names of its input artifacts.
    """
    arguments = component_arguments(template)
    given: Rows = list(values.items()) if arguments is None else [
        (name, replace_tags(text, lambda tag: values.get(input_of(tag) or "", f"{{{{{tag}}}}}")))
        for name, text in arguments.items()
    ]  # fmt: skip
    paths = {artifact.name: artifact.path for artifact in template.inputs.artifacts}
    return given + [(_file_name(name, paths.get(name, "")), None) for name in files]


def outputs_of(template: Template, values: Mapping[str, str], files: Sequence[str], hidden: Container[str]) -> Rows:
    """Return a step's outputs.

    Args:
        template: The step's template; an empty one if unknown.
        values: Values of its output parameters.
        files: Names of its output artifacts.
        hidden: Names, as the Workflow has them, that are shown elsewhere.
    """
    prefix = f"{template.name}-"
    given = {name.removesuffix(SUBPATH): value for name, value in values.items()}
    rows: Rows = [(name, value) for name, value in given.items() if name not in hidden]
    rows += [(name, None) for name in files if name not in hidden and name not in given]
    return [(name.removeprefix(prefix) or name, value) for name, value in rows]


def _file_name(artifact: str, path: str) -> str:
    match = _INPUT_FILE.fullmatch(path)
    return match[1] if match else artifact
