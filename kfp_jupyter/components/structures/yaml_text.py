"""The text of a component.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

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
