"""A cell of plain statements → a component: its inputs are variables of the cell, and so are its outputs."""

from __future__ import annotations
import __future__

import ast
import importlib.util
import inspect
import symtable
from collections.abc import Collection, Iterator, Mapping
from types import CodeType
from typing import Any

from pyflakes import checker, messages

from kfp_jupyter.components import script_runtime
from kfp_jupyter.components.cell import STRANGERS
from kfp_jupyter.components.component import Component
from kfp_jupyter.components.declared import Declared
from kfp_jupyter.components.program import CELL_LINE, container_for, program_text
from kfp_jupyter.components.script_call import arguments_of, check_written, new_files, returned
from kfp_jupyter.components.signature import FunctionInterface
from kfp_jupyter.components.source import CellSource, _imports, _WithoutAnnotations
from kfp_jupyter.components.unannotated import without_annotations
from kfp_jupyter.errors import ComponentError

_IMPORTS = "import builtins as _kfp_builtins\nimport traceback as _kfp_traceback"
_QUOTES = ("'''", '"""')


def component_from_script(source: CellSource, declared: Declared) -> tuple[Component, list[str]]:
    """Return the component of a cell without a function, and the modules it imports that are not installed here.

    The cell isn't run: its inputs have no values yet.

    Args:
        source: The cell.
        declared: What its magic line says.

    Raises:
        ComponentError: The cell can't become a component; the position is a line of the cell.
    """
    interface = declared.interface()
    text = "\n" + source.travelling(STRANGERS)
    code = _compiled(source, text)
    given = _given(interface)
    _check_names(source, text, given)
    _check_assigned(source, text, declared, interface, given)
    container = container_for(_program(text, declared, interface), interface, declared.image, declared.packages)
    made = declared.component(interface, container, _Call(declared, interface, code))
    return made, missing_modules(source.tree)


def missing_modules(tree: ast.Module) -> list[str]:
    """Return the modules that a cell imports at its top level and that are not installed here."""
    modules = {module: None for node in tree.body for module in sorted(_imports(node) - STRANGERS)}
    return [module for module in modules if not _is_installed(module)]


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return module == "__main__"  # It is there and has no origin.


def _given(interface: FunctionInterface) -> set[str]:
    """Names that have a value before the cell's first line."""
    return {i.parameter for i in interface.inputs} | {o.parameter for o in interface.outputs if o.parameter}


def _compiled(source: CellSource, text: str) -> CodeType:
    try:
        code: CodeType = compile(text, source.file, "exec", __future__.annotations.compiler_flag, dont_inherit=True)
    except SyntaxError as error:
        raise ComponentError(f"Syntax error: {error.msg}.", position=source.at(error.lineno or 1)) from None
    return code


def _check_names(source: CellSource, text: str, given: Collection[str]) -> None:
    tree = _WithoutAnnotations().visit(ast.parse(text, source.file))
    found = checker.Checker(tree, source.file, builtins=set(given)).messages
    unknown = [message for message in found if isinstance(message, messages.UndefinedName)]
    if unknown:
        first = min(unknown, key=lambda message: (message.lineno, message.col))
        raise ComponentError(
            f"The name {first.message_args[0]!r} isn't defined in this cell, and a step has nothing but its cell.",
            remedy="Import or define it in the cell, or declare it as an input: inputs=.",
            position=source.at(first.lineno),
        )


def _check_assigned(
    source: CellSource, text: str, declared: Declared, interface: FunctionInterface, given: Collection[str]
) -> None:
    if any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in ast.walk(source.tree)):
        return  # What such an import brings is known in the step only.
    assigned = {*given, *_assigned(symtable.symtable(text, source.file, "exec"))}
    for output in interface.outputs:
        name = output.spec.name
        if name not in assigned:
            raise ComponentError(
                f"The cell never assigns its output {name!r}.",
                remedy=f"Assign it: {name} = …, or take it out of outputs=.",
                position=declared.line,
            )


def _assigned(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names of the module's own that are assigned, also by functions that declare them global."""
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        bound = symbol.is_assigned() or symbol.is_imported()
        if bound and (top or symbol.is_declared_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _assigned(inner)


def _program(text: str, declared: Declared, interface: FunctionInterface) -> str:
    """Return the program: the cell as a text of its first lines, then what runs it between inputs and outputs."""
    values = [o.spec.name for o in interface.outputs if not o.parameter]
    source = "\n\n\n".join(
        [
            f"{CELL_LINE}; _kfp_text = {_literal(text)}",
            _IMPORTS,
            without_annotations(inspect.getsource(script_runtime._kfp_script)),
        ]
    )
    run = f"_kfp_script(_kfp_text, globals(), __file__, {declared.name!r}, {values!r})"
    return program_text(source, run, declared.name, interface)


def _literal(text: str) -> str:
    """Return a literal of the text whose lines are those of the text."""
    text = text.rstrip() + "\n"
    for quotes in _QUOTES:
        if quotes not in text:
            return f"r{quotes}{text}{quotes}"
    escaped = text.replace("\\", "\\\\").replace("'''", "\\'\\'\\'")
    return f"'''{escaped}'''"


class _Call:
    """Runs the cell outside of a pipeline.

    Args:
        declared: What its magic line says.
        interface: Its inputs and outputs.
        code: The cell.
    """

    def __init__(self, declared: Declared, interface: FunctionInterface, code: CodeType) -> None:
        self.__name__ = declared.bound
        self._declared, self._interface, self._code = declared, interface, code

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True  # IPython leaves this call out of what the author sees.
        files = new_files([o.parameter for o in self._interface.outputs if o.parameter])
        names = {"__name__": "__main__", **arguments_of(self._declared, args, kwargs), **files}
        try:
            exec(self._code, names)  # noqa: S102  (running the author's cell is the purpose)
        except SystemExit as end:
            if end.code:
                raise
        check_written(self._declared, files)
        return returned({o.spec.name: self._value(o.spec.name, {**names, **files}) for o in self._interface.outputs})

    def _value(self, name: str, names: Mapping[str, Any]) -> Any:
        if name not in names:
            raise ComponentError(
                f"Component {self._declared.name!r}: the script ended without a value for its output {name!r}."
            )
        return names[name]
