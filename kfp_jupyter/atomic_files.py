"""Files that are there whole or not at all: written beside their place, then moved there."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def replacing(path: Path, before: Callable[[Path], None] | None = None) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of another when all of it has been written.

    Args:
        path: The place. What is there stays as it is until then, and where an error ends the writing.
        before: Is called with the written file before it takes the place; sets its rights, for instance.

    Raises:
        OSError: It can't be written.
    """
    part = path.with_name(f".kfp-jupyter-{os.urandom(8).hex()}.part")
    try:
        # Opened as any new file is: the system gives it the rights that are usual there.
        with part.open("xb") as file:
            yield file
        if before is not None:
            before(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
