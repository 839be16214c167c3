"""The program of a component made of Python: its author's source, then ours, and the command that starts it.

Source: ``_func_to_component_spec`` in ``kfp/components/_python_op.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import ast
import builtins
import re
import shlex
import symtable
from collections.abc import Iterable, Sequence

from kfp_jupyter.components.cell_syntax import assigned_names
from kfp_jupyter.components.runtime_source import runtime_source, step_names
from kfp_jupyter.components.signature import FunctionInterface
from kfp_jupyter.components.step_values import Input, Output, code_of_values, needs_of_step, texts_of_values
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

_BRACES = "{{"
_QUOTES = ("'''", '"""')


def program_text(source: str, function: str, component: str, interface: FunctionInterface) -> str:
    """Return the program that runs a function, or a script, with its arguments from the command line.

    It holds the source as a text and runs that under the component's name, which is what messages of Python name then.
    The text begins with an empty line: in the program of a cell each line has the number that it has in the cell, whose
    magic is line 1, and in that of a function ``def`` stands on line 2.

    Args:
        source: The author's source.
        function: The name of the function in it; empty for a script, whose inputs and outputs are its variables.
        component: The component's name, for messages.
        interface: The inputs and outputs.
    """
    inputs = [
        Input(_flag(i.spec.name), i.parameter, _kind(i.style, i.spec.type), not i.spec.optional)
        for i in interface.inputs
    ]
    inputs += [Input(_flag(o.spec.name), o.parameter, o.style) for o in interface.outputs if o.parameter]
    outputs = [Output(o.spec.name, _returned_kind(o.spec.type)) for o in interface.outputs if not o.parameter]
    text = _literal(source)
    step = runtime_source(
        needs_of_step(
            source, inputs, outputs, function=bool(function), single=interface.single, odd=_has_odd_lines(text)
        ),
        {"FUNCTION": _reached(function), **code_of_values(inputs, outputs)},
        {"COMPONENT": component, "PLACE": f"component {component!r}", **texts_of_values(inputs, outputs)},
        _taken(source, () if function else [i.parameter for i in inputs]),
    )
    return f"_text = {text}\n{step}\n_step()"


def _reached(function: str) -> str:
    """Return the code that calls a global function by its name, also where the step has another thing of that name."""
    own = len(function) < 2 or function in step_names() or hasattr(builtins, function)
    return f"globals()[{function!r}]" if own else function


def _has_odd_lines(literal: str) -> bool:
    """Return whether Python finds other lines in a text than in the file in which it stands as a literal."""
    return not literal.startswith("r") or len(literal.splitlines()) != len(literal.split("\n"))


def _taken(source: str, variables: Iterable[str]) -> frozenset[str] | None:
    """Return the builtins that a program gives another meaning; None where that isn't known.

    Args:
        source: The author's source.
        variables: Names that have a value before its first line.
    """
    try:
        table = symtable.symtable(source, "<program>", "exec")
    except SyntaxError:  # of code for another Python, which says so in the step
        return None
    starred = any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in ast.walk(ast.parse(source)))
    return None if starred else frozenset({*assigned_names(table), *variables} & set(dir(builtins)))


def _literal(source: str) -> str:
    """Return a literal of a text that is an empty line and the source; its lines are those of the text."""
    text = f"\n{source.rstrip()}\n"
    for quotes in _QUOTES:
        if quotes not in text:
            return f"r{quotes}{text}{quotes}"
    escaped = text.replace("\\", "\\\\").replace("'''", "\\'\\'\\'")
    return f"'''{escaped}'''"


def _kind(style: str, type_name: TypeName) -> str:
    """How a value is read or written; one of a type with properties is text, as in KFP v1."""
    if style != "value":
        return style
    return (canonical(type_name) if isinstance(type_name, str) else None) or "Any"


def _returned_kind(type_name: TypeName) -> str:
    """How a returned value is written: a list or dict of a type with properties is JSON too."""
    kind = canonical(type_name) or "Any"
    return kind if isinstance(type_name, str) or kind.startswith("Json") else "Any"


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
