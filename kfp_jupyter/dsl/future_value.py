"""Values that are known only when the pipeline runs: Python's operations on them are errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from kfp_jupyter.dsl.placeholders import Reference
from kfp_jupyter.errors import PipelineError, author_position

IN_A_COMPONENT = "Compute it in a component, and pass that component's output on."
IN_A_TEXT = 'Format it into a string, as in f"…{value}…", or compute it in a component.'


class FutureValueAttributeError(PipelineError, AttributeError):
    """An attribute that isn't there; programs may ask for it with ``hasattr``."""


class FutureValue:
    """A value that is known only when the pipeline runs: it can only be passed on, formatted and compared.

    Args:
        ref: What it is called in the pipeline.
    """

    # Names that begin with an underscore are for this package: the item of a loop has no others of its own.
    def __init__(self, ref: Reference) -> None:
        self._ref = ref

    def _described(self) -> str:
        """Return its description, to begin a sentence with."""
        task, name = self._ref
        return f"The output {name!r} of task {task!r}" if task else f"The parameter {name!r}"

    def _not_known(self, what: str, remedy: str = IN_A_COMPONENT) -> PipelineError:
        message = f"{self._described()} has no value yet, so the pipeline can't {what}."
        return PipelineError(message, remedy=remedy, position=author_position())

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        raise FutureValueAttributeError(
            f"{self._described()} has no value yet, so it has no {name!r}.",
            remedy=IN_A_COMPONENT,
            position=author_position(),
        )

    def __iter__(self) -> Any:
        raise self._not_known("loop over it", "Use `with dsl.ParallelFor(...) as item`, or do it in a component.")

    def __getitem__(self, key: object) -> NoReturn:
        what = "slice it" if isinstance(key, slice) else f"get [{key!r:.40}] of it"
        raise self._not_known(what)

    def __setitem__(self, key: object, value: object) -> NoReturn:
        raise self._not_known(f"set [{key!r:.40}] of it")

    def __delitem__(self, key: object) -> NoReturn:
        raise self._not_known(f"delete [{key!r:.40}] of it")

    def __contains__(self, item: object) -> bool:
        raise self._not_known("check what it contains")

    def __len__(self) -> int:
        raise self._not_known("get its length")

    def __reversed__(self) -> NoReturn:
        raise self._not_known("reverse it")

    def __float__(self) -> float:
        raise self._not_known("convert it to a number")

    __int__ = __index__ = __complex__ = __float__

    def __fspath__(self) -> str:
        raise self._not_known("convert it to a path", IN_A_TEXT)

    def __format__(self, spec: str) -> str:
        if spec:
            raise self._not_known(f"format it as {spec!r}", "Format it in a component.")
        return str(self)


def _refusing(*_operands: Any) -> Any:
    self, *others = _operands
    in_text = any(isinstance(other, str) for other in others)
    raise self._not_known("compute with it", IN_A_TEXT if in_text else IN_A_COMPONENT)


_ONE = ("neg", "pos", "abs", "invert", "round", "trunc", "floor", "ceil")
_TWO = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow")
_BITS = ("lshift", "rshift", "and", "or", "xor")
OPERATORS: tuple[str, ...] = (
    *(f"__{name}__" for name in _ONE),
    *(f"__{side}{name}__" for name in (*_TWO, *_BITS) for side in ("", "r")),
)
"""The methods of Python's operators, but for comparisons."""

for _name in OPERATORS:
    _method: Callable[..., Any] = _refusing
    setattr(FutureValue, _name, _method)
