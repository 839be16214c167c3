"""The bytes of a container's log, each line with its time before it → text, each line once.

A log that breaks off is asked for again from the time of its last line on. That time is cut to the second on the
way, so lines come again; which ones were seen already is known by their time and by their number within that time.
"""

from __future__ import annotations

from kfp_jupyter.engines.argo.logs.delivered_bytes import HandedOut
from kfp_jupyter.engines.argo.logs.emissary_output import LauncherLines, begins
from kfp_jupyter.engines.base import LogChunk

_LONG = 64 * 1024
"""Bytes of a line without an end that are held back at most."""

_TAIL = 4 * 1024
"""As many of them stay back: what Argo's launcher writes behind them is to be known as such."""


class LogLines:
    """Text from a log that is read in several goes.

    Args:
        launched: Whether Argo's launcher runs the container's program, and writes into the same log.
    """

    def __init__(self, *, launched: bool = True) -> None:
        self.launched = launched
        self.out = HandedOut()
        self._stamp = b""
        """Time of the last whole line."""
        self._stamped = 0
        """How many whole lines of that time there were."""
        self._open_stamp = b""
        self._open_out = 0
        """How many bytes of a line without an end, begun at that time, were handed out."""
        self._rest = b""
        self._launcher = LauncherLines()
        self._notices: list[str] = []
        self._begin()

    @property
    def since(self) -> str:
        """From which time on to ask again; empty for the beginning."""
        return (self._stamp or self._open_stamp).decode(errors="replace")

    @property
    def begun(self) -> bool:
        """Whether what was read is known to begin where the log begins."""
        return not self.launched or self._launcher.begun

    @property
    def exited(self) -> bool:
        """Whether Argo's launcher has said that the program is over."""
        return self._launcher.exited

    def continued_by(self, head: bytes) -> bool:
        """Return whether nothing is missing before the first bytes of a log that was opened, from `since` on.

        Lines from before `since` come again, as the time is cut; among the first of a whole log is a line of Argo's
        launcher.
        """
        if self._stamp:
            return head.partition(b" ")[0] <= self._stamp
        return not self.launched or bool(self._open_stamp) or begins(head)

    def reopen(self) -> None:
        """The log is read again, from `since` on."""
        self._begin()

    def feed(self, data: bytes) -> list[LogChunk]:
        """Take the next bytes; return what in them is new, and what Argo has against the step."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        new = b"".join([self._line(line + b"\n") for line in lines])
        if len(self._rest) > _LONG:
            new += self._part()
        chunks = self._handed_out(new)
        chunks += [LogChunk(notice, notice=True) for notice in self._notices]
        self._notices.clear()
        return chunks

    def close(self) -> list[LogChunk]:
        """The log has ended for good: return what stands behind the last line's end."""
        if not self._rest:
            return []
        content = self._begun(self._rest)
        self._rest = b""
        return self._handed_out(self._unseen(content))

    def _begin(self) -> None:
        self._rest = b""
        self._seen_stamp, self._seen = b"", 0
        self._catching_up = bool(self._stamp)
        """Whether lines may come that were seen before."""
        self._in_line = False
        """Whether `_rest` is the middle of a line."""
        self._line_stamp, self._line_out = b"", 0
        """Time of the line that `_rest` is the middle of, and how many of its bytes came before."""

    def _handed_out(self, data: bytes) -> list[LogChunk]:
        self.out.add(data)
        return [LogChunk(data.decode(errors="replace"))] if data else []

    def _line(self, line: bytes) -> bytes:
        """Return what of a line, or of its end, wasn't handed out yet."""
        content = self._begun(line)
        known = self._known()
        self._seen_stamp, self._seen = self._line_stamp, self._number()
        self._in_line = False
        if known:
            # Where the launcher's line was behind this one, it is among what comes again.
            self._launcher.without(content)
            return b""
        self._catching_up = False
        new = self._unseen(self._without_launcher(content))
        self._stamp, self._stamped = self._line_stamp, self._seen
        self._open_stamp, self._open_out = b"", 0
        return new

    def _part(self) -> bytes:
        """Return what wasn't handed out yet of a long line's beginning or middle; its tail stays back."""
        content = self._begun(self._rest)
        cut = len(content) - _TAIL
        # Not inside of a character.
        while cut > len(content) - _TAIL - 4 and content[cut] & 0xC0 == 0x80:
            cut -= 1
        self._rest = content[cut:]
        new = b"" if self._known() else self._unseen(content[:cut])
        self._line_out += cut
        if not new:
            return b""
        self._open_stamp, self._open_out = self._line_stamp, self._line_out
        return new

    def _begun(self, line: bytes) -> bytes:
        """Return a line without its time, which is noted; of a line's middle all of it."""
        if self._in_line:
            return line
        self._line_stamp, _, content = line.partition(b" ")
        self._line_out, self._in_line = 0, True
        return content

    def _number(self) -> int:
        """Return which of the lines of its time the line at hand is."""
        return self._seen + 1 if self._line_stamp == self._seen_stamp else 1

    def _known(self) -> bool:
        """Whether the line at hand was handed out before it was asked again."""
        here = (self._line_stamp, self._number())
        return self._catching_up and here <= (self._stamp, self._stamped)

    def _unseen(self, content: bytes) -> bytes:
        before = self._open_out - self._line_out if self._line_stamp == self._open_stamp else 0
        return content[max(0, before) :]

    def _without_launcher(self, line: bytes) -> bytes:
        """Return a line without what Argo's launcher wrote behind the program's last word; note its complaints."""
        if not self.launched:
            return line
        written, complaint = self._launcher.without(line)
        if complaint:
            self._notices.append(f"Argo reports: {complaint}\n")
        return written
