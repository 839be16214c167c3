"""Forked processes of the local engine: what the runner asks of the fork server, and how each of them ends."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import NoReturn

START_SUPERVISOR, WAKE = b"k", b"w"
"""What the runner asks of the fork server: fork a supervisor, let the stopped ones go on."""


def in_child(work: Callable[[], None]) -> NoReturn:
    """Do the work of a forked process and end it, whatever happens."""
    status = 1
    try:
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - nothing of the parent's may go on in its child
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)
