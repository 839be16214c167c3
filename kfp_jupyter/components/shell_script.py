"""A cell of shell → a component: ``$x`` is an input, ``$OUT_y`` the path of an output's file."""

from __future__ import annotations

import linecache
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kfp_jupyter.components.call_script import arguments_of, check_written, new_files, returned
from kfp_jupyter.components.component import Component
from kfp_jupyter.components.declaration import Declaration
from kfp_jupyter.components.program import _BRACES, _install, _mark
from kfp_jupyter.components.signature import FunctionInterface
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
from kfp_jupyter.components.types import canonical, to_text, truth
from kfp_jupyter.errors import ComponentError, Position, position_of
from kfp_jupyter.parsing.json_reader import read_json

PREFIX = "OUT_"

_OWN = frozenset(
    {"_", "BASHOPTS", "BASH_ENV", "ENV", "EUID", "HOME", "IFS", "LD_LIBRARY_PATH", "LD_PRELOAD", "OLDPWD", "OPTIND"}
    | {"PATH", "PPID", "PWD", "SHELLOPTS", "UID"}
)
"""Variables that the shell or the programs it starts use themselves."""

_READERS: Mapping[str | None, Callable[[str], Any]] = {
    "Integer": int,
    "Float": float,
    "Boolean": truth,
    "JsonArray": read_json,
    "JsonObject": read_json,
    "Json": read_json,
}


def component_from_shell(body: str, label: str, declaration: Declaration) -> Component:
    """Return the component of a cell that is a shell script.

    Values reach the script as environment variables; they are never a part of its text. It ends at the first command
    that fails.

    Args:
        body: The cell below the magic line.
        label: What the reader calls the cell.
        declaration: What its magic line says.

    Raises:
        ComponentError: The cell can't become a component; the position is a line of the cell.
    """
    interface = declaration.interface()
    script = _Script(body, label, declaration, interface)
    script.check()
    words = (*_install(declaration.packages), *script.command(), *script.arguments())
    split = len(words) - len(script.arguments())
    container = ContainerSpec(declaration.image, words[:split], words[split:])
    return declaration.component(interface, container, script)


class _Script:
    """The script, and what a call of its component outside of a pipeline runs.

    Args:
        body: Its lines.
        label: What the reader calls the cell.
        declaration: What its magic line says.
        interface: Its inputs and outputs.
    """

    def __init__(self, body: str, label: str, declaration: Declaration, interface: FunctionInterface) -> None:
        self.__name__ = declaration.bound
        # Line 1 is the magic's, so that numbers in the shell's messages are those that the notebook shows.
        self._text = "\n" + body.rstrip() + "\n"
        self._file = f"<{label}>"
        self._declaration, self._interface = declaration, interface
        lines = [f"{declaration.line.text}\n", *self._text.splitlines(keepends=True)[1:]]
        linecache.cache[self._file] = (len(self._text), None, lines, self._file)

    def check(self) -> None:
        """Check what can be known before the script runs.

        Raises:
            ComponentError: Something is wrong; the position is a line of the cell.
        """
        for i in self._interface.inputs:
            if i.parameter in _OWN or i.parameter.startswith(PREFIX):
                raise self._error(f"The input {i.parameter!r} has the name of a variable that the shell itself needs.")
        for name in (*(i.parameter for i in self._interface.inputs), *(o.spec.name for o in self._interface.outputs)):
            if not name.isascii():
                raise self._error(f"{name!r} is not a valid name of a shell variable.")
        for o in self._interface.outputs:
            if not re.search(rf"\b{PREFIX}{re.escape(o.spec.name)}\b", self._text):
                raise ComponentError(
                    f"The script never writes its output {o.spec.name!r}.",
                    remedy=f'Write it to the file "${PREFIX}{o.spec.name}", or remove it from outputs=.',
                    position=self._declaration.line,
                )
        self._check_syntax()

    def _error(self, message: str) -> ComponentError:
        return ComponentError(message, remedy="Give it another name.", position=self._declaration.line)

    def _check_syntax(self) -> None:
        if shutil.which("sh") is None:
            return
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".sh") as file:
            file.write(self._text)
            file.flush()
            checked = subprocess.run(["sh", "-n", file.name], capture_output=True, text=True, check=False)
        if checked.returncode:
            said = checked.stderr.strip().partition("\n")[0]
            match = re.match(r"(?:.*?: )?(?:line )?(\d+): (?:[Ss]yntax error:? ?)?(.*)", said)
            raise ComponentError(
                f"Syntax error: {(match[2] if match else said).rstrip('.')}.",
                # What is missing at the end is missed behind the last line.
                position=self._at(min(int(match[1]), self._text.count("\n")) if match else 1),
            )

    def _at(self, line: int) -> Position:
        return position_of(self._file, line)

    def command(self) -> tuple[str, ...]:
        """Return what starts the script: a shell that makes the variables, starts another, and checks the outputs."""
        name, text, write = self._declaration.name, self._text, 'printf "%s" "$1"'
        if _BRACES in text:
            # Argo would take what stands between {{ and }} for a tag of its own; sed takes the mark out again.
            mark = _mark(text)
            text = re.sub(r"\{(?=\{)", "{" + mark, text)
            write += f" | sed 's/{{{mark}/{{/g'"
        optional = [i.parameter for i in self._interface.inputs if i.spec.optional]
        return (
            "sh",
            "-ec",
            "\n".join(
                [
                    # From a file, for all shells to count its lines alike.
                    "_kfp_script=$(mktemp); trap 'rm \"$_kfp_script\"' EXIT",
                    f'{write} > "$_kfp_script"; shift',
                    *([f"unset {' '.join(optional)}"] if optional else []),
                    'while [ "$#" -gt 0 ]; do',
                    '  case "$1" in OUT_*) mkdir -p "${2%/*}";; esac',
                    '  export "$1=$2"; shift 2',
                    "done",
                    'sh -e "$_kfp_script"',
                    *(self._checked(o.spec.name) for o in self._interface.outputs),
                    "",
                ]
            ),
            name,
            text,
        )

    @staticmethod
    def _checked(output: str) -> str:
        path = f"${PREFIX}{output}"
        said = f"Component '$0': the script wrote nothing to its output '{output}' ({path})."
        return f'[ -e "{path}" ] || {{ echo "{said}" >&2; exit 1; }}'

    def arguments(self) -> tuple[CommandPart, ...]:
        """Return the names and values of the variables."""
        words: list[CommandPart] = []
        for i in self._interface.inputs:
            name = i.spec.name
            value = InputValuePlaceholder(name) if i.style == "value" else InputPathPlaceholder(name)
            pair: tuple[CommandPart, ...] = (name, value)
            if i.spec.optional:
                words.append(IfPlaceholder(IfPlaceholderStructure(IsPresentPlaceholder(name), pair)))
            else:
                words += pair
        for o in self._interface.outputs:
            words += (PREFIX + o.spec.name, OutputPathPlaceholder(o.spec.name))
        return tuple(words)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = arguments_of(self._declaration, args, kwargs)
        files = new_files([o.spec.name for o in self._interface.outputs])
        words = [word for i in self._interface.inputs for word in self._pair(i.spec, given[i.parameter], i.style)]
        words += [word for name, path in files.items() for word in (PREFIX + name, path)]
        code = _run([*self.command(), *words])
        if code:
            raise ComponentError(f"The script of {self._declaration.name!r} ended with exit code {code}.")
        check_written(self._declaration, files)
        return returned({o.spec.name: self._read(o, files[o.spec.name]) for o in self._interface.outputs})

    def _pair(self, spec: Any, value: Any, style: str) -> Sequence[str]:
        if value is None:
            return ()
        what = f"input {spec.name!r} of component {self._declaration.name!r}"
        return spec.name, os.fspath(value) if style != "value" else to_text(value, spec.type, what)

    def _read(self, output: Any, path: str) -> Any:
        if output.parameter:
            return path
        kind = canonical(output.spec.type)
        text = Path(path).read_text(encoding="utf-8").removesuffix("\n")
        try:
            return _READERS.get(kind, str)(text)
        except ValueError:
            raise ComponentError(
                f"Component {self._declaration.name!r}: its output {output.spec.name!r} holds {text[:80]!r}, "
                f"which can't be read as {kind}."
            ) from None


def _run(words: Sequence[str]) -> int:
    """Run a command, with what it says going where Python's own output goes; return its exit code."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as run:
        try:
            for line in run.stdout or ():
                sys.stdout.write(line)
        except BaseException:
            run.kill()
            raise
    return run.returncode
