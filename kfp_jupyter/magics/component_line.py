"""``%component``: a component without a cell of code: loaded, or a ready container."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from IPython.display import display

from kfp_jupyter.components import Component, load_component_from_file, load_component_from_url
from kfp_jupyter.errors import Position, UsageError
from kfp_jupyter.magics.arguments import Option, flag, identifier, parse, split
from kfp_jupyter.magics.component import OPTIONS, container
from kfp_jupyter.magics.names import bound_name
from kfp_jupyter.magics.notes import show_notes
from kfp_jupyter.magics.session import Session
from kfp_jupyter.widget.card import ComponentCard

MAGIC = "%component"
WORDS = ("load", "image=", "command=", "args=", "inputs=", "outputs=", "name=", "as=", "cpu=", "memory=", "cache=")
HELP = f"""\
    {MAGIC} load FILE|URL [as NAME]                  load a component.yaml, or a zip that holds one
    {MAGIC} image=… command="prog {{x}} {{y}}" name=…    a ready container; its keys are those of %%component"""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_LOAD = f"{MAGIC} load FILE as name, or {MAGIC} load https://… as name"
_OPTIONS = (
    Option("as", identifier, "", "the name in Python"),
    Option("replace", flag, False, "take the place of another cell's component without a note"),
)


def component_line(session: Session, line: str) -> None:
    """Load a component, or make one of an image and a command; bind its name and show its card.

    Args:
        session: The notebook's.
        line: What stands behind the magic.

    Raises:
        KfpJupyterError: The line can't be understood, or the component can't be loaded.
    """
    place = session.position_of_line(f"{MAGIC} {line}".strip())
    words = split(MAGIC, line)
    if words[:1] == ["load"]:
        _load(session, [session.expand(word) for word in words[1:]], place)
    elif words and "=" in words[0]:
        container(session, parse(MAGIC, line, OPTIONS, session.expand), place)
    else:
        raise UsageError(f"{MAGIC} can't be understood.", remedy=f"Write {_LOAD}.", position=place)


def _load(session: Session, words: list[str], place: Position) -> None:
    source, *rest = words or [""]
    if rest[:1] == ["as"] and len(rest) > 1:
        rest = [f"as={rest[1]}", *rest[2:]]
    if not source or any("=" not in word for word in rest):
        raise UsageError(f"{MAGIC} load can't be understood.", remedy=f"Write {_LOAD}.", position=place)
    values = parse(MAGIC, shlex.join(rest), _OPTIONS)
    is_url = _URL.match(source)
    made = load_component_from_url(source) if is_url else load_component_from_file(Path(source).expanduser())
    name = values["as"] or bound_name(made.name, Component, session.shell.user_ns, place)
    made.__name__ = name
    told = session.add_component(name, made, replace=values["replace"])
    display(ComponentCard(made))
    show_notes(told, place)
