"""Running a cell in a namespace of its own, also when the notebook lacks what only the step will have."""

from __future__ import annotations
import __future__

import ast
from typing import Any, NoReturn

from kfp_jupyter.components.source import CellSource, bound_names
from kfp_jupyter.errors import ComponentError


class Missing:
    """Stands for something of a module that is not installed here; any use of it is an error that says so.

    Args:
        name: The name in the cell.
        module: The module that is not installed.
    """

    def __init__(self, name: str, module: str) -> None:
        self._name, self._module = name, module

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise MissingModuleError(self._name, self._module)

    __getattr__ = __call__ = __getitem__ = __iter__ = __len__ = __bool__ = _refuse


class MissingModuleError(ComponentError):
    """Something of a module that is not installed here was used.

    Args:
        name: The name in the cell.
        module: The module.
    """

    def __init__(self, name: str, module: str) -> None:
        self.module = module
        super().__init__(
            f"{name!r} needs the module {module!r}, which is not installed in this notebook.",
            remedy="Run the component in a pipeline, where its image or packages bring the module, or install it here.",
        )


def run_cell(source: CellSource) -> tuple[dict[str, Any], list[str]]:
    """Run a cell; return its namespace and the modules it imports that are not installed here.

    A step may well have what the notebook has not. Names that such an import would bind, and names computed of
    them, stand for what is missing and complain when they are used.

    Args:
        source: The cell.

    Raises:
        Exception: Whatever the cell raises, but for imports of modules that are not installed.
    """
    namespace: dict[str, Any] = {"__name__": "__main__"}
    missing: dict[str, None] = {}
    for node in source.tree.body:
        # The step never evaluates annotations, so they aren't evaluated here either until they are asked for.
        code = compile(
            ast.Module([node], []), source.file, "exec", __future__.annotations.compiler_flag, dont_inherit=True
        )
        try:
            exec(code, namespace)  # noqa: S102  (running the author's cell is the purpose)
        except ModuleNotFoundError as error:
            if error.name is None or not isinstance(node, (ast.Import, ast.ImportFrom, ast.Try)):
                raise
            absent = error.name
        except MissingModuleError as error:
            absent = error.module
        else:
            continue
        missing[absent] = None
        namespace.update({name: Missing(name, absent) for name in bound_names(node)})
    return namespace, list(missing)
