"""The bytes of a container's log, each line with its time before it → text, each line once.

A log that breaks off is asked for again from the time of its last line on. That time is cut to the second on the
way, so lines come again; which ones were seen already is known by their time and by their number within that time.
"""

from __future__ import annotations

import codecs
import re

from kfp_jupyter.engines.base import LogChunk

_LONG = 64 * 1024
"""Bytes of a line without an end that are held back at most."""


# What Argo's launcher writes into the same log, around what the program writes; a kept log is without.
_LAUNCHER = re.compile(rb'time="[^"]*" level=(\w+) msg="(.*)" argo=true(?: error="(.*)")?\n\Z')
_EXITED = b"sub-process exited"


class LogLines:
    """Text from a log that is read in several goes."""

    def __init__(self) -> None:
        self.bytes_out = 0
        """How many bytes of the log itself were handed out."""
        self._stamp = b""
        """Time of the last whole line."""
        self._stamped = 0
        """How many whole lines of that time were handed out."""
        self._open_stamp = b""
        self._open_out = 0
        """How many bytes of a line without an end, begun at that time, were handed out."""
        self._rest = b""
        self._exited = False
        self._notices: list[str] = []
        self._begin()

    @property
    def since(self) -> str:
        """From which time on to ask again; empty for the beginning."""
        return (self._stamp or self._open_stamp).decode(errors="replace")

    def reopen(self) -> None:
        """The log is read again, from `since` on."""
        self._begin()

    def feed(self, data: bytes) -> list[LogChunk]:
        """Take the next bytes; return what in them is new, and what Argo has against the step."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        text = "".join(self._line(line + b"\n") for line in lines)
        if len(self._rest) > _LONG:
            text += self._piece(self._rest, whole=False)
        chunks = [LogChunk(text)] if text else []
        chunks += [LogChunk(notice, notice=True) for notice in self._notices]
        self._notices.clear()
        return chunks

    def close(self) -> list[LogChunk]:
        """The log has ended for good: return what stands behind the last line's end."""
        text = self._piece(self._rest, whole=False) if self._rest else ""
        text += self._decoder.decode(b"", final=True)
        return [LogChunk(text)] if text else []

    def _begin(self) -> None:
        self._rest = b""
        self._seen_stamp, self._seen = b"", 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def _line(self, line: bytes) -> str:
        stamp = line.partition(b" ")[0]
        self._seen = self._seen + 1 if stamp == self._seen_stamp else 1
        self._seen_stamp = stamp
        if stamp < self._stamp or (stamp == self._stamp and self._seen <= self._stamped):
            return ""
        text = self._piece(self._without_launcher(line), whole=True)
        self._stamp, self._stamped = stamp, self._seen
        self._open_stamp, self._open_out = b"", 0
        return text

    def _without_launcher(self, line: bytes) -> bytes:
        """Return a line without what Argo's launcher wrote behind the program's last word; note its complaints."""
        found = _LAUNCHER.search(line)
        if found is None:
            # After the program only the launcher speaks, not always in its own form.
            return line if not self._exited else b""
        level, message, error = found.groups(default=b"")
        self._exited |= message == _EXITED
        if level in (b"error", b"warning"):
            words = b": ".join(filter(None, (message, error))).decode(errors="replace")
            self._notices.append(f"Argo says: {words}\n")
        return line[: found.start()]

    def _piece(self, line: bytes, *, whole: bool) -> str:
        """Return what of a line wasn't handed out yet."""
        stamp, _, content = line.partition(b" ")
        done = self._open_out if stamp == self._open_stamp else 0
        new = content[done:]
        self.bytes_out += len(new)
        if not whole:
            self._open_stamp, self._open_out = stamp, done + len(new)
        return self._decoder.decode(new)
