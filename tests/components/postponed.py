"""Functions whose annotations are postponed, with names that only a type checker sees."""

# Names that only a type checker sees are the point.
# ruff: noqa: F821, UP037

from __future__ import annotations

from typing import TYPE_CHECKING, List, NamedTuple

from kfp_jupyter.components import InputPath, OutputPath

if TYPE_CHECKING:
    from nowhere import Frame  # type: ignore[import-not-found]


def postponed(
    number: int,
    items: List[int],
    table_path: InputPath("CSV"),  # type: ignore[valid-type]
    frame: Frame,
    quoted: "Thing",  # type: ignore[name-defined]
    out_path: OutputPath(),  # type: ignore[valid-type]
) -> NamedTuple("Out", [("size", int)]):  # type: ignore[valid-type]
    """Does nothing."""


def unknown(table_path: NoSuch.InputPath()) -> None:  # type: ignore[valid-type]
    """Does nothing."""
