"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from kfp_jupyter.atomic_files import replacing
from kfp_jupyter.errors import ComponentError


def write_whole(path: str | os.PathLike[str], text: str) -> None:
    """Write a file so that nobody ever sees a part of it; folders are made.

    Args:
        path: The file; an older one is replaced.
        text: What it is to hold.

    Raises:
        ComponentError: It can't be written; what was there before is there still.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as file:
            file.write(text.encode())
    except OSError as error:
        raise ComponentError(f"The file {str(target)!r} can't be written: {error.strerror}.") from None
