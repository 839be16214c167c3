"""``{{…}}`` in a Workflow: how such tags are written and read.

Argo fills in ``{{name}}`` and evaluates ``{{=expression}}`` (``util/template/template.go`` of Argo Workflows 3.7, which
allows blanks inside the braces). The names are those of
https://argo-workflows.readthedocs.io/en/release-3.7/variables/.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Literal, NamedTuple

Kind = Literal["parameters", "artifacts"]

_NAME = re.compile(r"\{\{[ \t]*([\w./-]+)[ \t]*\}\}")
_ANY = re.compile(r"\{\{(=?)\s*(.*?)\s*\}\}", re.DOTALL)
_OUTPUT = re.compile(r"tasks\.([^.]+)\.outputs\.(parameters|artifacts)\.(.+)")
_INPUT = re.compile(r"inputs\.(parameters|artifacts)\.(.+)")


class Output(NamedTuple):
    """The output that ``tasks.<task>.outputs.<kind>.<name>`` refers to.

    Attributes:
        task: The task, of the same DAG.
        kind: Whether it is a parameter or an artifact.
        name: The output.
    """

    task: str
    kind: Kind
    name: str


def input_tag(name: str, kind: Kind = "parameters") -> str:
    """Return the tag of an input of the template around it.

    Args:
        name: The input.
        kind: Whether it is a parameter or an artifact.
    """
    return f"{{{{inputs.{kind}.{name}}}}}"


def output_tag(task: str, name: str, kind: Kind = "parameters") -> str:
    """Return the tag of an output of a task of the same DAG.

    Args:
        task: The task.
        name: The output.
        kind: Whether it is a parameter or an artifact.
    """
    return f"{{{{tasks.{task}.outputs.{kind}.{name}}}}}"


def workflow_tag(name: str) -> str:
    """Return the tag of a parameter of the Workflow."""
    return f"{{{{workflow.parameters.{name}}}}}"


def item_tag(key: str = "") -> str:
    """Return the tag of a loop's item, or of one of its keys."""
    return f"{{{{item.{key}}}}}" if key else "{{item}}"


def as_artifact(tag: str) -> str:
    """Return the tag of the artifact that has the name of a parameter."""
    return tag.replace(".parameters.", ".artifacts.", 1)


def as_parameter(tag: str, suffix: str = "") -> str:
    """Return the tag of the parameter that has the name of an artifact.

    Args:
        tag: The artifact's tag.
        suffix: What to append to the artifact's name.
    """
    return tag.replace(".artifacts.", ".parameters.", 1).removesuffix("}}") + suffix + "}}"


def output_of(name: str) -> Output | None:
    """Return the task's output that a tag refers to; None if it refers to something else."""
    match = _OUTPUT.fullmatch(name)
    return Output(match[1], "parameters" if match[2] == "parameters" else "artifacts", match[3]) if match else None


def input_of(name: str, kind: Kind | None = None) -> str | None:
    """Return the template's input that a tag refers to; None if it refers to something else.

    Args:
        name: The tag's name.
        kind: Required kind of input; a parameter or an artifact by default.
    """
    match = _INPUT.fullmatch(name)
    return match[2] if match and kind in (None, match[1]) else None


def is_input(text: str) -> bool:
    """Whether a text begins with the tag of an input parameter and ends with a tag, as KFP v1 tests it.

    From ``_op_to_template.py`` of kfp 1.8.24: only Argo knows such a value, and it can't fill it in everywhere.
    """
    return text.startswith("{{inputs.parameters.") and text.endswith("}}")


def names(text: str) -> Iterator[str]:
    """Yield the names of the tags in a text; expressions have none."""
    return (match[1] for match in _NAME.finditer(text)) if "{{" in text else iter(())


def sole_name(text: str) -> str:
    """Return the name in a text that is one tag and nothing else; empty if it is anything else."""
    match = _NAME.fullmatch(text.strip())
    return match[1] if match else ""


def substitute(text: str, variables: Mapping[str, str]) -> str:
    """Replace the tags that name a variable, in one pass: replaced values are not searched for tags.

    Args:
        text: Any text, also a program's.
        variables: Variable name to value; every other ``{{…}}`` stays as it is written.
    """
    if "{{" not in text:
        return text
    return _NAME.sub(lambda match: variables.get(match[1], match[0]), text)


def replace_tags(text: str, words: Callable[[str], str]) -> str:
    """Return a text with each tag, and each expression, replaced.

    Args:
        text: The text.
        words: Returns the replacement of a name or an expression, which it gets without braces.
    """
    return _ANY.sub(lambda match: words(match[2]), text)
