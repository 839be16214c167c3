"""What a user types for a run → its id, by the same rules for every engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from kfp_jupyter.errors import RunNotFoundError

_SHOWN = 5
"""Runs that a message names at most."""


def find_run(
    wanted: str, ids: Collection[str], names: Callable[[], Iterable[tuple[str, str]]], place: str, remedy: str = ""
) -> str:
    """Return the id of the run that is meant.

    It is the run with that id, else the only one whose id starts so, else the only one of that name.

    Args:
        wanted: What was typed.
        ids: The runs there are.
        names: Returns id and name of each run; called only where the ids don't decide.
        place: Where the runs are, for the message: ``in the namespace 'team'``.
        remedy: What helps where there is no such run.

    Raises:
        RunNotFoundError: There is none, or more than one.
    """
    if wanted in ids:
        return wanted
    begun = [id_ for id_ in ids if id_.startswith(wanted)] if wanted else []
    if len(begun) == 1:
        return begun[0]
    called = [id_ for id_, name in names() if name == wanted] if wanted else []
    if len(called) == 1:
        return called[0]
    if called:
        raise RunNotFoundError(
            f"{len(called)} runs are called {wanted!r}: {_some(called)}.", remedy="Give the id of one of them."
        )
    if begun:
        raise RunNotFoundError(
            f"{len(begun)} runs start with {wanted!r}: {_some(begun)}.", remedy="Use a longer prefix."
        )
    raise RunNotFoundError(f"There is no run {wanted!r} {place}.", remedy=remedy)


def _some(ids: Collection[str]) -> str:
    return ", ".join(sorted(ids)[:_SHOWN])
