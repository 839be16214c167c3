"""The function of a cell → a pipeline."""

from __future__ import annotations

import builtins
import inspect
from collections import ChainMap
from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from kfp_jupyter import dsl
from kfp_jupyter.components.cell import VOCABULARY
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.dsl import Pipeline
from kfp_jupyter.dsl.pipeline import at_authors_line
from kfp_jupyter.errors import PACKAGE_DIR, KfpJupyterError, PipelineError
from kfp_jupyter.interrupts import held_back

if TYPE_CHECKING:
    from _collections_abc import dict_keys

_GIVEN: Mapping[str, Any] = {"__builtins__": builtins, "__name__": "__main__"}
"""Names that Python itself looks up, without `CellNames.__missing__`."""


class CellNames(dict[str, Any]):
    """The global names of a cell: its own, else the notebook's as they are at that moment, else ``dsl`` and types.

    Python asks `__missing__` for the globals that a function uses when they are not an exact ``dict``.

    Args:
        notebook: The notebook's names.
    """

    def __init__(self, notebook: MutableMapping[str, Any]) -> None:
        super().__init__(_GIVEN)
        self._notebook = notebook
        self._others = ChainMap(notebook, {"dsl": dsl, **VOCABULARY})

    def __missing__(self, name: str) -> Any:
        return self._others[name]

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self._others

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(super().__iter__()), **dict.fromkeys(self._others)})

    def keys(self) -> dict_keys[str, Any]:
        """Return all names: so `{**names}` has those of the notebook too."""
        return dict.fromkeys(self).keys()

    @held_back()
    def hand_over(self, but: str) -> None:
        """Give the cell's own names to the notebook, where other cells find them and may change them.

        Args:
            but: The name that is not handed over.
        """
        for name in [name for name in super().__iter__() if name not in _GIVEN]:
            value = self.pop(name)
            if name != but:
                self._notebook[name] = value


def pipeline_of_function(source: CellSource, name: str, notebook: MutableMapping[str, Any]) -> Pipeline:
    """Run a cell and return the pipeline of one of its functions; its other names go to the notebook.

    Args:
        source: The cell.
        name: The function.
        notebook: The notebook's names.

    Raises:
        PipelineError: The cell raises an error, or its function is not one in the end.
    """
    names = CellNames(notebook)
    try:
        exec(compile(source.tree, source.file, "exec", dont_inherit=True), names)  # noqa: S102  (the cell's purpose)
    except KfpJupyterError as error:
        error.position = error.position or at_authors_line(error, "The cell").position
        raise
    except SyntaxError as error:
        raise PipelineError(f"Syntax error: {error.msg}.", position=source.at(error.lineno or 1)) from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also SystemExit: the kernel doesn't end with a cell
        raise at_authors_line(error, "The cell") from error
    function = names.get(name)
    names.hand_over(but=name)
    if isinstance(function, Pipeline):
        return function
    if not callable(function) or _is_ours(function):
        line = source.choose(name, "pipeline").lineno
        raise PipelineError(
            f"{name!r} is not a function at the end of the cell.",
            remedy="Check its decorators, and whether the cell reassigns the name below it.",
            position=source.at(line),
        )
    return Pipeline.of(function)


def _is_ours(function: Any) -> bool:
    """Whether a function is this package's own: what is left of a decorator that got no function."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    return code is not None and code.co_filename.startswith(PACKAGE_DIR)
