"""``%%component``: the cell becomes a component."""

from __future__ import annotations

import ast
import dataclasses
import sys
from collections.abc import Mapping
from typing import Any

from IPython.display import display

from kfp_jupyter.components import Component
from kfp_jupyter.components.cell import component_from_cell
from kfp_jupyter.components.component import StepSettings
from kfp_jupyter.components.container_component import component_from_image
from kfp_jupyter.components.declaration import Declaration
from kfp_jupyter.components.imports import modules_beside
from kfp_jupyter.components.script import component_from_script
from kfp_jupyter.components.shell_script import component_from_shell
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.components.structures import ComponentSpec, MetadataSpec
from kfp_jupyter.errors import ComponentError, Position, UsageError
from kfp_jupyter.magics import declarations
from kfp_jupyter.magics.arguments import Option, flag, identifier, language, parse, quantity, requirements, text, words
from kfp_jupyter.magics.bound_names import bound_name, title_from_comment, title_from_text
from kfp_jupyter.magics.notes import show_notes
from kfp_jupyter.magics.pod_values import gpus, labels, retries, seconds, variables
from kfp_jupyter.magics.session import Session
from kfp_jupyter.widget.card import ComponentCard

MAGIC = "%%component"

OPTIONS = (
    Option("base_image", text, f"python:{sys.version_info[0]}.{sys.version_info[1]}", "image the step runs in"),
    Option("packages", requirements, [], "what pip installs before the step, separated by commas"),
    Option("cpu", quantity, "", "CPU limit, such as 500m"),
    Option("memory", quantity, "", "memory limit, such as 1Gi"),
    Option("gpu", gpus, None, "GPUs: 1, or amd:1"),
    Option("retry", retries, 0, "how many times a failed step is retried"),
    Option("timeout", seconds, 0, "time limit of a step: seconds, or a duration such as 30m"),
    Option("env", variables, {}, 'environment variables: "NAME=value, OTHER=value"'),
    Option("labels", labels, {}, 'labels of the pod: "team=vision, tier=gold"'),
    Option("node_selector", labels, {}, 'labels that the node must have: "disk=ssd"'),
    Option("name", text, "", "display name of the component"),
    Option("as", identifier, "", "Python name; derived from name= by default"),
    Option("function", text, "", "which function of the cell to use"),
    Option("inputs", text, "", 'inputs of a cell without a function: "x: float, n: int = 3, data: path"', code=True),
    Option("outputs", text, "", 'outputs of a cell without a function: "y: float, model: path"', code=True),
    Option("lang", language, "python", "language of a cell without a function: python or sh"),
    Option("image", text, "", "image of a prebuilt container, with command= and no code in the cell"),
    Option("command", words, [], "command of a prebuilt container: 'prog --x {x} --to {y}', or a JSON list", code=True),
    Option("args", words, [], "arguments of a prebuilt container", code=True),
    Option("isolated", flag, False, "run without the notebook's packages (local engine)"),
    Option("cache", flag, True, "whether an earlier result of the same step may be reused"),
    Option("replace", flag, False, "replace another cell's component without a note"),
)

_OF_SCRIPTS = ("inputs", "outputs")
_OF_CONTAINERS = ("image", "command", "args")
_OF_CODE = ("packages", "function", "isolated")


def component(session: Session, line: str, cell: str) -> None:
    """Make a component of a cell, bind its name and show its card.

    Args:
        session: The notebook's.
        line: What stands behind the magic.
        cell: What stands below it.

    Raises:
        KfpJupyterError: With the line of the cell at fault.
    """
    place = Position(session.cell_label, 1, f"{MAGIC} {line}".rstrip())
    values = parse(MAGIC, line, OPTIONS, session.expand, place)
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    if any(values[key] for key in _OF_CONTAINERS):
        container(session, values, place, cell)
    elif values["lang"] == "sh":
        _refuse(values, ("function",), "A shell script has no functions", place)
        declared = _declared(session, values, place, title_from_comment(cell))
        _check_env(values["env"], declared)
        _keep(session, component_from_shell(cell, session.cell_label, declared), values, place)
    else:
        _of_python(session, values, place, cell)


def container(session: Session, values: Mapping[str, Any], place: Position, cell: str = "") -> None:
    """Make a component of an image and a command, bind its name and show its card.

    Args:
        session: The notebook's.
        values: The options.
        place: The magic line.
        cell: What stands below it: nothing, or comments.

    Raises:
        KfpJupyterError: The options don't fit together.
    """
    code = next((text for text in cell.splitlines() if text.strip() and not text.lstrip().startswith("#")), None)
    if code is not None:
        raise UsageError(
            "image=, command= and args= describe a prebuilt container, but this cell has code.",
            remedy="Remove the code, or set the image that it runs in with base_image=.",
            position=place,
        )
    if not values["image"] or not values["command"]:
        raise UsageError(
            "A prebuilt container needs image= and command=: Argo can't look up an image's entrypoint by itself.",
            remedy="Write both.",
            position=place,
        )
    _refuse(values, _OF_CODE, "A prebuilt container runs no code of this cell", place)
    declared = _declared(session, {**values, "base_image": values["image"]}, place, title_from_comment(cell))
    _keep(session, component_from_image(declared, values["command"], values["args"]), values, place)


def _of_python(session: Session, values: Mapping[str, Any], place: Position, cell: str) -> None:
    source = CellSource(cell, session.cell_label)
    if any(values[key] for key in _OF_SCRIPTS):
        _refuse(values, ("function",), "inputs= and outputs= make the whole cell the component", place)
    elif values["function"] or _defines_function(source):
        _of_function(session, values, source)
        return
    elif not values["name"]:
        raise ComponentError(
            "The cell defines no function; a script needs a name.",
            remedy='Write name="…" on the first line, with inputs="…" and outputs="…" if it has any; '
            "or put the code into a function: def name(arguments): …",
            position=source.at(1),
        )
    doc = ast.get_docstring(source.tree) or ""
    title = title_from_comment(cell) or title_from_text(doc)
    named_by_doc = not values["name"] and title == title_from_text(doc)
    declared = _declared(session, values, place, title, "" if named_by_doc else doc)
    made, missing = component_from_script(source, declared)
    _keep(session, made, values, place, missing)
    _note_modules_beside(source)


def _defines_function(source: CellSource) -> bool:
    return any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) for node in source.tree.body)


def _of_function(session: Session, values: Mapping[str, Any], source: CellSource) -> None:
    made, missing = component_from_cell(
        source,
        function=values["function"],
        image=values["base_image"],
        packages=values["packages"],
        name=values["name"],
        settings=_settings(values),
    )
    place = source.at(source.choose(made.__name__, "component").lineno)
    _keep(session, made, values, place, missing)
    _note_modules_beside(source)


def _note_modules_beside(source: CellSource) -> None:
    for module, line in modules_beside(source.tree):
        told = (
            f"The module {module!r} is in the notebook's folder, which steps can't read. Copy what it needs "
            "into the cell, or name an image that has the module: "
            "kfp_jupyter.containers.build_image_from_working_dir() builds one."
        )
        show_notes([told], source.at(line))


def _declared(
    session: Session, values: Mapping[str, Any], place: Position, title: str, description: str = ""
) -> Declaration:
    """Return what the magic line declares; a title that the cell itself has serves where no name is given."""
    name = values["name"] or title
    if not name:
        raise UsageError("The component has no name.", remedy='Write name="…" on the first line.', position=place)
    namespace = session.shell.user_ns
    return Declaration(
        name=name,
        bound=values["as"] or bound_name(name, Component, namespace, place),
        inputs=declarations.inputs(values["inputs"], namespace, place),
        outputs=declarations.outputs(values["outputs"], namespace, place),
        image=values["base_image"],
        line=place,
        packages=values["packages"],
        description=description,
        settings=_settings(values),
    )


def _settings(values: Mapping[str, Any]) -> StepSettings:
    names = (field.name for field in dataclasses.fields(StepSettings))
    return StepSettings(**{name: values[name] for name in names})


def _check_env(env: Mapping[str, str], declared: Declaration) -> None:
    """Refuse a variable that an input of a shell script would hide."""
    for name in (parameter.name for parameter in declared.inputs if parameter.name in env):
        raise UsageError(
            f"{name!r} is both an input and an environment variable.", remedy="Rename one.", position=declared.line
        )


def _set_pod(spec: ComponentSpec, env: Mapping[str, str], labels: Mapping[str, str]) -> None:
    """Put into a component what component.yaml has a place for: it is saved with it."""
    if env:
        spec.container.env = {**(spec.container.env or {}), **env}
    if labels:
        spec.metadata = MetadataSpec(labels=labels)


def _refuse(values: Mapping[str, Any], keys: tuple[str, ...], why: str, place: Position) -> None:
    for key in keys:
        if values[key]:
            raise UsageError(f"{why}, so {key}= has no effect here.", remedy="Remove it.", position=place)


def _keep(
    session: Session, made: Component, values: Mapping[str, Any], place: Position, missing: list[str] | None = None
) -> None:
    """Store a component, bind its name and show its card."""
    made.__name__ = values["as"] or made.__name__
    _set_pod(made.component_spec, values["env"], values["labels"])
    told = session.add_component(made.__name__, made, replace=values["replace"])
    display(ComponentCard(made, values["packages"], missing or []))
    show_notes(told, place)
