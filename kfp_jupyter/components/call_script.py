"""Calling a script outside of a pipeline: arguments in, outputs back."""

from __future__ import annotations

import collections
import functools
import inspect
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kfp_jupyter.components.declaration import Declaration
from kfp_jupyter.errors import ComponentError, UsageError, author_position


def arguments_of(declaration: Declaration, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of all inputs by name.

    Args:
        declaration: The component's declaration.
        args: Positional arguments of the call.
        kwargs: Its keyword arguments.

    Raises:
        UsageError: One is missing or unknown.
    """
    try:
        bound = inspect.Signature(list(declaration.inputs)).bind(*args, **kwargs)
    except TypeError as error:
        takes = ", ".join(map(str, declaration.inputs)) or "no arguments"
        raise UsageError(
            f"Component {declaration.name!r}: {error}.", remedy=f"It takes {takes}.", position=author_position()
        ) from None
    bound.apply_defaults()
    return dict(bound.arguments)


def new_files(names: Sequence[str]) -> dict[str, str]:
    """Return a path for each name, in a directory that is removed with this process."""
    place = Path(tempfile.mkdtemp(dir=_scratch().name))
    return {name: str(place / name) for name in names}


@functools.cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="kfp-jupyter-")


def check_written(declaration: Declaration, files: Mapping[str, str]) -> None:
    """Check that the script has written the files of its outputs.

    Args:
        declaration: The component's declaration.
        files: Paths by name of the output.

    Raises:
        ComponentError: One isn't.
    """
    for name, path in files.items():
        if not Path(path).exists():
            raise ComponentError(f"Component {declaration.name!r}: the script wrote nothing to its output {name!r}.")


def returned(values: Mapping[str, Any]) -> Any:
    """Return the result of a call: None, the only output, or a named tuple of the outputs."""
    if len(values) < 2:
        return next(iter(values.values()), None)
    return collections.namedtuple("Outputs", values, rename=True)(*values.values())  # noqa: PYI024  (made at run time)
