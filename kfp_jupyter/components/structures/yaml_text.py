"""The text of a component.yaml, and files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from kfp_jupyter.errors import ComponentError

_READ_AS_TRUTH = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off"})
"""Plain text that one YAML reader or another takes for true or false."""


class _Dumper(yaml.SafeDumper):
    """Shows programs as they are, and repeats a text where an anchor would be shorter."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  (PyYAML's signature)
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else '"' if text.lower() in _READ_AS_TRUTH else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _text)


def to_yaml(struct: Mapping[str, Any]) -> str:
    """Return a component as YAML, in the order of its keys.

    Args:
        struct: What ``to_dict`` returns.
    """
    return yaml.dump(struct, Dumper=_Dumper, default_flow_style=None, sort_keys=False)


def write_whole(path: str | os.PathLike[str], text: str) -> None:
    """Write a file so that nobody ever sees a part of it; folders are made.

    Args:
        path: The file; an older one is replaced.
        text: What it is to hold.

    Raises:
        ComponentError: It can't be written; what was there before is there still.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}-{os.urandom(8).hex()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise ComponentError(f"The file {str(target)!r} can't be written: {error.strerror}.") from None
