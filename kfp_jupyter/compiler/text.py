"""A Workflow as YAML text that Python's and Go's parsers read to the same values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

_SafeDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

# What some YAML parser takes for a number, boolean or null though PyYAML doesn't: `y`, `0o7`, `1e3`, `.inf` …
_AMBIGUOUS = re.compile(r"^(?:[yYnN~]|[-+.0-9][-+._:0-9a-zA-Z]*)$")


class _Dumper(_SafeDumper):  # type: ignore[misc]
    """The safe dumper, quoting what parsers disagree on and writing long text in blocks."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  (PyYAML's signature)
        return True


def _string(dumper: Any, text: str) -> Any:
    style = "'" if _AMBIGUOUS.match(text) else None
    if "\n" in text and all(line == line.rstrip() and "\t" not in line for line in text.split("\n")):
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _string)


def to_yaml(workflow: Mapping[str, Any]) -> str:
    """Return the Workflow as YAML, keys in the order they have."""
    text: str = yaml.dump(dict(workflow), Dumper=_Dumper, sort_keys=False, width=2**31 - 1, allow_unicode=True)
    return text
