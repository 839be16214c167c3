"""A cell of plain statements → a component: its inputs are variables of the cell, and so are its outputs."""

from __future__ import annotations

import ast
import symtable
from collections.abc import Collection, Mapping
from typing import Any

from kfp_jupyter.components.call_script import arguments_of, check_written, new_files, returned
from kfp_jupyter.components.cell import AUTHORING_PACKAGES
from kfp_jupyter.components.cell_lines import remember_cell
from kfp_jupyter.components.cell_syntax import assigned_names
from kfp_jupyter.components.component import Component
from kfp_jupyter.components.declaration import Declaration
from kfp_jupyter.components.imports import missing_modules
from kfp_jupyter.components.program import container_for, program_text
from kfp_jupyter.components.run_cell import as_main, new_module, run_statement
from kfp_jupyter.components.signature import FunctionInterface
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.components.step_source import check_names, step_source
from kfp_jupyter.errors import ComponentError


def component_from_script(source: CellSource, declaration: Declaration) -> tuple[Component, list[str]]:
    """Return the component of a cell without a function, and the modules it imports that are not installed here.

    The cell isn't run: its inputs have no values yet.

    Args:
        source: The cell.
        declaration: What its magic line says.

    Raises:
        ComponentError: The cell can't become a component; the position is a line of the cell.
    """
    interface = declaration.interface()
    text = step_source(source, authoring_packages=AUTHORING_PACKAGES, vocabulary=())
    given = _given(interface)
    check_names(source, text, given, "Import or define it in the cell, or declare it as an input: inputs=.")
    _check_assigned(source, text, declaration, interface, given)
    program = program_text(text.removeprefix("\n"), "", declaration.name, interface)
    container = container_for(program, interface, declaration.image, declaration.packages)
    made = declaration.component(interface, container, _Call(declaration, interface, source))
    remember_cell(made.name, source.label, text)
    return made, missing_modules(source.tree, AUTHORING_PACKAGES)


def _given(interface: FunctionInterface) -> set[str]:
    """Names that have a value before the cell's first line."""
    return {i.parameter for i in interface.inputs} | {o.parameter for o in interface.outputs if o.parameter}


def _check_assigned(
    source: CellSource, text: str, declaration: Declaration, interface: FunctionInterface, given: Collection[str]
) -> None:
    if any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in ast.walk(source.tree)):
        return  # What such an import brings is known in the step only.
    assigned = {*given, *assigned_names(symtable.symtable(text, source.file, "exec"))}
    for output in interface.outputs:
        name = output.spec.name
        if name not in assigned:
            raise ComponentError(
                f"The cell never assigns its output {name!r}.",
                remedy=f"Assign it: {name} = …, or remove it from outputs=.",
                position=declaration.line,
            )


class _Call:
    """Runs the cell outside of a pipeline.

    Args:
        declaration: What its magic line says.
        interface: Its inputs and outputs.
        source: The cell.
    """

    def __init__(self, declaration: Declaration, interface: FunctionInterface, source: CellSource) -> None:
        self.__name__ = declaration.bound
        self._declaration, self._interface, self._source = declaration, interface, source

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True  # IPython leaves this call out of what the author sees.
        files = new_files([o.parameter for o in self._interface.outputs if o.parameter])
        module = new_module(self._source.tree)
        names = vars(module)
        names.update({**arguments_of(self._declaration, args, kwargs), **files})
        try:
            with as_main(module):
                for node in self._source.tree.body:
                    run_statement(node, self._source, module)
        except SystemExit as end:
            if end.code:
                raise
        check_written(self._declaration, files)
        return returned({o.spec.name: self._value(o.spec.name, {**names, **files}) for o in self._interface.outputs})

    def _value(self, name: str, names: Mapping[str, Any]) -> Any:
        if name not in names:
            raise ComponentError(
                f"Component {self._declaration.name!r}: the script ended without a value for its output {name!r}."
            )
        return names[name]
