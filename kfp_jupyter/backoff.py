"""How long to wait before something that failed is tried again: longer after each failure, at random, within limits."""

from __future__ import annotations

import random
from collections.abc import Callable

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
"""Seconds after the first failure, and the most after any."""

LONGEST_ASKED_PAUSE = 60.0
"""The longest wait that a server may ask for; a longer one is cut to this."""


class Backoff:
    """Exponential back-off with jitter.

    The random part keeps many clients that failed at the same moment from trying again at the same moment:
    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ (there: "Equal Jitter").

    Args:
        first: Seconds to wait after the first failure.
        longest: The most seconds to wait after any failure.
        growth: By what factor a pause is longer than the one before it.
        chance: Returns a number between 0 and 1, a different one at each call. Pauses are 50 % to 100 % of their full
            length by it.

    Example:
        ::

            backoff = Backoff()
            while not stop.is_set():
                try:
                    return ask()
                except UnreachableError:
                    stop.wait(backoff.next())
    """

    def __init__(
        self,
        first: float = FIRST_PAUSE,
        longest: float = LONGEST_PAUSE,
        growth: float = 2.0,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._first, self._longest, self._growth, self._chance = first, longest, growth, chance
        self.failures = 0
        """How many failures there were in a row."""
        self._last = 0.0

    def next(self, at_least: float = 0.0, longest: float | None = None) -> float:
        """Count a failure and return the seconds to wait now.

        Args:
            at_least: Seconds that the server asked for, as in the header ``Retry-After``; at most
                `LONGEST_ASKED_PAUSE` of them are waited.
            longest: Replaces the limit of this back-off for this pause.
        """
        limit = self._longest if longest is None else longest
        # The exponent is bounded: 2.0 to the power of 1,024 is no float.
        pause = min(limit, self._first * self._growth ** min(self.failures, 100))
        self.failures += 1
        self._last = max(min(at_least, LONGEST_ASKED_PAUSE), pause * (0.5 + self._chance() / 2))
        return self._last

    def reset_after(self, seconds: float) -> bool:
        """Return whether what was tried counts as working, and start anew if so.

        Args:
            seconds: How long it worked. It counts when that is longer than the pause before it, and than a second.
        """
        works = seconds > max(1.0, self._last)
        if works:
            self.reset()
        return works

    def reset(self) -> None:
        """Start anew: what was tried has worked."""
        self.failures, self._last = 0, 0.0
