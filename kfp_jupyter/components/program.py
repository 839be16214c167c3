"""The program of a function component: its author's source, then ours, and the command that starts it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence

from kfp_jupyter.components.signature import FunctionInterface
from kfp_jupyter.components.step_text import step_text
from kfp_jupyter.components.structures import (
    CommandPart,
    ContainerSpec,
    IfPlaceholder,
    IfPlaceholderStructure,
    InputPathPlaceholder,
    InputValuePlaceholder,
    IsPresentPlaceholder,
    OutputPathPlaceholder,
)
from kfp_jupyter.components.types import TypeName, canonical

CELL_LINE = "from __future__ import annotations"
"""Stands on line 1 of a cell's program, where the cell has its magic: line numbers of a step are the cell's own.

It also keeps annotations from being evaluated, so that names used only there need not exist in the step.
"""

FUNCTION_LINE = "# The function, then what hands it its arguments."
"""Stands on line 1 of a function's program; its annotations are gone already."""

_BRACES = "{{"


def program_text(source: str, function: str, component: str, interface: FunctionInterface) -> str:
    """Return the program that runs a function with its arguments from the command line.

    Args:
        source: Python source that defines the function.
        function: The function's name in it.
        component: The component's name, for messages.
        interface: The function's inputs and outputs.
    """
    inputs = {_flag(i.spec.name): (i.parameter, _kind(i.style, i.spec.type)) for i in interface.inputs}
    inputs |= {_flag(o.spec.name): (o.parameter, o.style) for o in interface.outputs if o.parameter}
    returned = [(o.spec.name, _kind("value", o.spec.type)) for o in interface.outputs if not o.parameter]
    call = f"_kfp_step({function}, {component!r}, {inputs!r}, {returned!r})"
    step = step_text(_needs([kind for _, kind in inputs.values()], [kind for _, kind in returned], interface))
    return f"{source.rstrip()}\n\n\n{step}\n\n\n{call}\n"


def _needs(inputs: Sequence[str], outputs: Sequence[str], interface: FunctionInterface) -> frozenset[str]:
    """Return which parts of the step's text a program needs."""
    kinds = {*inputs, *outputs}
    written = any(kind.startswith("Output") for kind in inputs)
    needs = {
        "boolean": "Boolean" in kinds,
        "json": any(kind.startswith("Json") for kind in kinds),
        "pickle": "Base64Pickle" in kinds,
        "outputs": bool(outputs),
        "several": bool(outputs) and not interface.single,
        "written": written,
        "writes": written or bool(outputs),
        "streams": any(kind.endswith(("TextFile", "BinaryFile")) for kind in inputs),
    }
    return frozenset(name for name, needed in needs.items() if needed)


def _kind(style: str, type_name: TypeName) -> str:
    """How a value is read or written; one of a type with properties is text, as in KFP v1."""
    if style != "value":
        return style
    return (canonical(type_name) if isinstance(type_name, str) else None) or "Any"


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def container_for(program: str, interface: FunctionInterface, image: str, packages: Sequence[str]) -> ContainerSpec:
    """Return the container that runs a program made by `program_text`.

    Args:
        program: The program.
        interface: The function's inputs and outputs.
        image: Name of the image; it must have ``sh`` and ``python3``.
        packages: Requirements that pip installs before the program starts.
    """
    args: list[CommandPart] = []
    for i in interface.inputs:
        value = InputValuePlaceholder(i.spec.name) if i.style == "value" else InputPathPlaceholder(i.spec.name)
        words: tuple[CommandPart, ...] = (_flag(i.spec.name), value)
        if i.spec.optional:
            args.append(IfPlaceholder(IfPlaceholderStructure(IsPresentPlaceholder(i.spec.name), words)))
        else:
            args += words
    for o in interface.outputs:
        if o.parameter:
            args += [_flag(o.spec.name), OutputPathPlaceholder(o.spec.name)]
    returned = [OutputPathPlaceholder(o.spec.name) for o in interface.outputs if not o.parameter]
    if returned:
        args += ["----output-paths", *returned]
    return ContainerSpec(image, (*_install(packages), *_launch(program)), tuple(args))


def _install(packages: Sequence[str]) -> tuple[str, ...]:
    if not packages:
        return ()
    words = " ".join(repr(str(package)) if "'" not in package else shlex.quote(package) for package in packages)
    pip = f"PIP_DISABLE_PIP_VERSION_CHECK=1 python3 -m pip install --quiet --no-warn-script-location {words}"
    return ("sh", "-c", f'({pip} || {pip} --user) && "$0" "$@"')


def _launch(program: str) -> tuple[str, ...]:
    write = 'printf "%s" "$0"'
    if _BRACES in program:
        # Argo would take what stands between {{ and }} for a tag of its own. A mark between the braces,
        # which sed takes out again, hides them from it.
        mark = _mark(program)
        program = re.sub(r"\{(?=\{)", "{" + mark, program)
        write += f" | sed 's/{{{mark}/{{/g'"
    return (
        "sh",
        "-ec",
        f'program_path=$(mktemp)\n{write} > "$program_path"\npython3 -u "$program_path" "$@"\n',
        program,
    )


def _mark(program: str) -> str:
    mark = "_"
    while "{" + mark in program:
        mark += "_"
    return mark
