"""What was handed out of a log, to be compared with the whole log later without being kept."""

from __future__ import annotations

import zlib


class HandedOut:
    """How many bytes were handed out, and of each piece its length and checksum."""

    def __init__(self) -> None:
        self.size = 0
        self._pieces: list[tuple[int, int]] = []

    def add(self, data: bytes) -> None:
        """Take the next bytes that were handed out."""
        if data:
            self.size += len(data)
            self._pieces.append((len(data), zlib.crc32(data)))

    def missing_of(self, whole: bytes) -> tuple[int, int]:
        """Return where in the whole log that begins and ends which wasn't handed out, to the piece.

        Both are its length where nothing is missing.
        """
        if self.size >= len(whole):
            return len(whole), len(whole)
        view = memoryview(whole)
        start, before = 0, 0
        for size, checksum in self._pieces:
            if zlib.crc32(view[start : start + size]) != checksum:
                break
            start, before = start + size, before + 1
        end = len(whole)
        for size, checksum in reversed(self._pieces[before:]):
            if end - size < start or zlib.crc32(view[end - size : end]) != checksum:
                break
            end -= size
        return start, end
