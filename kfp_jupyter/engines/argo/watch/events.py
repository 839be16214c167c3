"""Lines of a watch → what they tell: the newest version of the object, and what ended the watch."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from kfp_jupyter.kubernetes.errors import ApiError
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.parsing.objects import section


class MalformedWatchEventError(ValueError):
    """A line of a watch is no event: something else has answered."""


@dataclasses.dataclass(frozen=True, slots=True)
class WatchBatch:
    """What the lines of a watch that came together tell.

    Attributes:
        newest: The newest version of the object; None where none came.
        deleted: Whether it is the last version, of an object that is gone.
        version: From where a watch may go on without a look at the object; empty where that isn't known.
        problem: What the server says ended the watch.
    """

    newest: Mapping[str, Any] | None = None
    deleted: bool = False
    version: str = ""
    problem: ApiError | None = None


def parse_watch_lines(lines: Sequence[bytes]) -> WatchBatch:
    """Return what lines tell; of versions that were replaced at once, nothing is parsed.

    Raises:
        MalformedWatchEventError: They are no events.
    """
    newest, version = b"", ""
    for line in lines:
        kind = _kind(line)
        if kind in ("ADDED", "MODIFIED"):
            newest, version = line, ""
        elif kind == "BOOKMARK":
            version = str(_object(line)["metadata"].get("resourceVersion") or "")
        elif kind == "DELETED":
            return WatchBatch(_object(line), deleted=True)
        elif kind == "ERROR":
            return WatchBatch(_object(newest) if newest else None, problem=_problem(_object(line)))
        elif kind:
            raise MalformedWatchEventError(f"an event of the type {kind!r}")
    return WatchBatch(_object(newest) if newest else None, version=version)


def _problem(status: Mapping[str, Any]) -> ApiError:
    code = int(status.get("code") or 500)
    seconds = float(section(status, "details").get("retryAfterSeconds") or 0)
    words = f"The cluster ended the watch: {status.get('message') or status.get('reason') or code}."
    return ApiError(words, status=code, retry_after=seconds)


def _kind(line: bytes) -> str:
    """Return the type of an event, without parsing the megabyte that may come with it; empty for an empty line."""
    if not line.strip():
        return ""
    head = line[:32].replace(b" ", b"")
    if head.startswith(b'{"type":"'):
        return head[9:].partition(b'"')[0].decode(errors="replace")
    return str(_event(line).get("type"))


def _object(line: bytes) -> dict[str, Any]:
    found = _event(line).get("object")
    if not isinstance(found, dict) or not isinstance(found.get("metadata"), dict):
        raise MalformedWatchEventError("an event without an object")
    return found


def _event(line: bytes) -> dict[str, Any]:
    try:
        found = read_json(line)
    except ValueError:
        raise MalformedWatchEventError("no JSON") from None
    if not isinstance(found, dict):
        raise MalformedWatchEventError("no event")
    return found
