"""``%component``: a component without a cell of code: loaded, saved, or a prebuilt container."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from IPython.display import display

from kfp_jupyter.components import Component, load_component_from_file, load_component_from_url
from kfp_jupyter.components.component import StepSettings
from kfp_jupyter.errors import Position, UsageError
from kfp_jupyter.magics.arguments import Option, flag, identifier, parse, split
from kfp_jupyter.magics.bound_names import bound_name
from kfp_jupyter.magics.completion import FILES, Files, Offer, option_offers
from kfp_jupyter.magics.component import OPTIONS, container
from kfp_jupyter.magics.notes import show_notes
from kfp_jupyter.magics.session import Session
from kfp_jupyter.widget.card import ComponentCard
from kfp_jupyter.widget.listing import Listing, Listings

MAGIC = "%component"
_OF_CODE = ("base_image", "packages", "function", "lang", "isolated")
HELP = f"""\
    {MAGIC} load FILE|URL [as NAME]                  load a component.yaml, or a zip that holds one
    {MAGIC} save NAME FILE                           write a component to a component.yaml
    {MAGIC} image=… command="prog {{x}} {{y}}" name=…    a prebuilt container; its keys are those of %%component"""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_LOAD = f"{MAGIC} load FILE as name, or {MAGIC} load https://… as name"
_SAVE = f"{MAGIC} save NAME component.yaml"
_OPTIONS = (
    Option("as", identifier, "", "Python name of the component"),
    Option("replace", flag, False, "replace another cell's component without a note"),
)


def offers(session: Session, before: list[str]) -> Sequence[Offer] | Files:
    """Return what may stand behind the words that stand behind ``%component`` already.

    Args:
        session: The notebook's.
        before: The words.
    """
    word, *rest = before or [""]
    if word == "save":
        return [] if len(rest) > 1 else FILES if rest else [Offer(name, "component") for name in session.components]
    if word == "load":
        return FILES if not rest else [Offer("as", "command"), *option_offers(_OPTIONS)] if len(rest) == 1 else []
    keys = option_offers([option for option in OPTIONS if option.name not in _OF_CODE])
    return keys if before else [Offer("load", "command"), Offer("save", "command"), *keys]


def component_line(session: Session, line: str) -> None:
    """Load or save a component, or make one of an image and a command, bound to its name, with its card.

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
    elif words[:1] == ["save"]:
        _save(session, [session.expand(word) for word in words[1:]], place)
    elif words and "=" in words[0]:
        container(session, parse(MAGIC, line, OPTIONS, session.expand, place), place)
    else:
        raise UsageError(
            f"The arguments of {MAGIC} are not valid.", remedy=f"Write {_LOAD}; or {_SAVE}.", position=place
        )


def _load(session: Session, words: list[str], place: Position) -> None:
    source, *rest = words or [""]
    if rest[:1] == ["as"] and len(rest) > 1:
        rest = [f"as={rest[1]}", *rest[2:]]
    if not source or any("=" not in word for word in rest):
        raise UsageError(f"The arguments of {MAGIC} load are not valid.", remedy=f"Write {_LOAD}.", position=place)
    values = parse(MAGIC, rest, _OPTIONS, place=place)
    is_url = _URL.match(source)
    made = load_component_from_url(source) if is_url else load_component_from_file(Path(source).expanduser())
    name = values["as"] or bound_name(made.name, Component, session.shell.user_ns, place)
    made.__name__ = name
    told = session.add_component(name, made, replace=values["replace"])
    display(ComponentCard(made))
    show_notes(told, place)


def _save(session: Session, words: list[str], place: Position) -> None:
    """Write a component to a file; one that is there is replaced, as `%kfp compile` does it."""
    if len(words) != 2 or Path(words[1]).suffix not in (".yaml", ".yml"):
        raise UsageError(
            f"{MAGIC} save takes a component's name and a .yaml file.", remedy=f"Write {_SAVE}.", position=place
        )
    name, path = words[0], Path(words[1]).expanduser()
    made = session.shell.user_ns.get(name)
    if not isinstance(made, Component):
        known = ", ".join(session.components) or "none yet"
        message = f"This notebook has no component {name!r}."
        raise UsageError(message, remedy=f"Its components: {known}.", position=place)
    made.component_spec.save(path)
    display(Listings([Listing(str(path), (), (), f"{path.stat().st_size:,} bytes")]))
    left_out = [field.name for field in dataclasses.fields(made.settings) if _is_set(made.settings, field)]
    if left_out:
        keys = ", ".join(f"{key}=" for key in left_out)
        show_notes([f"A component.yaml can't store {keys}; the file doesn't contain it."], place)


def _is_set(settings: StepSettings, field: dataclasses.Field[Any]) -> bool:
    return bool(getattr(settings, field.name) != getattr(StepSettings(), field.name))
