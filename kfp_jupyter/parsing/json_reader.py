"""JSON of unknown origin → plain data, within limits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from kfp_jupyter.parsing.limits import MAX_JSON_DEPTH, UnreadableError


def read_json(text: str | bytes | bytearray, *, parse_int: Callable[[str], Any] = int) -> Any:
    """Return what a JSON document holds, as `json.loads` does.

    Args:
        text: The document; its caller limits its size.
        parse_int: Converts the digits of a whole number.

    Raises:
        UnreadableError: It is not JSON, or nested so deep that it can't be written again.
    """
    try:
        found = json.loads(text, parse_int=parse_int)
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        where, problem = f"line {error.lineno}, column {error.colno}", f"{error.msg[:1].lower()}{error.msg[1:]}"
        raise UnreadableError(f"it is not JSON ({where}: {problem})", error.lineno) from None
    except UnicodeError:
        raise UnreadableError("it is not UTF-8 text") from None
    except ValueError:
        raise UnreadableError("a number in it has too many digits") from None
    level = _containers([found])
    for _ in range(MAX_JSON_DEPTH + 1):
        if not level:
            return found
        level = [inner for outer in level for inner in _containers(outer)]
    raise _too_deep()


def _containers(outer: Any) -> list[Any]:
    inner = outer.values() if isinstance(outer, dict) else outer
    return [value for value in inner if isinstance(value, (dict, list))]


def _too_deep() -> UnreadableError:
    return UnreadableError(f"it is nested deeper than {MAX_JSON_DEPTH} levels")
