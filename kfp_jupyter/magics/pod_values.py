"""Settings of a step's pod on a magic line, parsed and validated with Kubernetes' rules.

Labels follow https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set. Names
of environment variables follow the strict rule that every version of Kubernetes accepts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

_PART = r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_DOMAIN = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*"
_LABEL_NAME = re.compile(rf"(?:(?={_DOMAIN}/)[^/]{{1,253}}/)?{_PART}")
_LABEL_VALUE = re.compile(rf"(?:{_PART})?")
_VARIABLE = re.compile(r"[A-Za-z_.-][\w.-]*", re.ASCII)
# A comma ends a value where another NAME= follows; any other belongs to it.
_COMMA = re.compile(r",\s*(?=[^\s,=]+\s*=)")
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?", re.ASCII)
_GPUS = re.compile(r"(?:(nvidia|amd):)?([1-9]\d*)", re.ASCII)


def gpus(value: str) -> tuple[str, int]:
    """Read vendor and number of GPUs: ``1``, or ``amd:2``."""
    match = _GPUS.fullmatch(value)
    if match is None:
        raise ValueError("is not a number of GPUs above 0, such as 1, or amd:1 for those of AMD")
    return match[1] or "nvidia", int(match[2])


def retries(value: str) -> int:
    """Read how often a step is tried again."""
    if not (value.isascii() and value.isdigit()):
        raise ValueError("is not a whole number such as 3")
    return int(value)


def seconds(value: str) -> int:
    """Read a time: seconds, or such as ``90s``, ``30m``, ``1h30m``."""
    match = _DURATION.fullmatch(value)
    hours, minutes, rest = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    total = hours * 3600 + minutes * 60 + rest
    if total == 0:
        raise ValueError("is not a time above 0: a number of seconds, or a duration such as 90s, 30m or 1h30m")
    return total


def variables(value: str) -> Mapping[str, str]:
    """Read environment variables: ``NAME=value, OTHER=value``."""

    def check(name: str, _value: str) -> str:
        fits = _VARIABLE.fullmatch(name)
        return "" if fits else f"{name!r} is not a valid name of an environment variable: letters, digits and _"

    return _pairs(value, check)


def labels(value: str) -> Mapping[str, str]:
    """Read labels of pods or nodes: ``team=vision, example.com/tier=gold``."""

    def check(name: str, value: str) -> str:
        if not _LABEL_NAME.fullmatch(name):
            return (
                f"{name!r} is not a valid name of a label: at most 63 letters, digits, -, _ and ., perhaps "
                "after domain/"
            )
        if not _LABEL_VALUE.fullmatch(value):
            return f"{value!r} is not a valid value of a label: at most 63 letters, digits, -, _ and ., or nothing"
        return ""

    return _pairs(value, check)


def _pairs(text: str, check: Callable[[str, str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _split(text):
        if name in found:
            raise ValueError(f"names {name!r} twice")
        problem = check(name, value)
        if problem:
            raise ValueError(f"is wrong: {problem}")
        found[name] = value
    return found


def _split(text: str) -> Iterator[tuple[str, str]]:
    for pair in _COMMA.split(text.strip().removesuffix(",")):
        name, equals, value = pair.partition("=")
        if not equals:
            raise ValueError("is not written as NAME=value, with commas between several")
        yield name.strip(), value.strip()
