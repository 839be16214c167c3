"""A step's log, read while it is written."""

from __future__ import annotations

import codecs
import os
import threading
from collections.abc import Callable, Iterator

from kfp_jupyter.engines.base import LogChunk
from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.errors import EngineError
from kfp_jupyter.pacing import LOCAL_LOG_POLL_SECONDS

_BLOCK = 1 << 16


def read_log(
    directory: RunDirectory, node_id: str, finished: Callable[[], bool], follow: bool, stop: threading.Event
) -> Iterator[LogChunk]:
    """Yield a log's text, decoded; bytes that are no UTF-8 come as U+FFFD.

    Args:
        directory: The run's.
        node_id: The step.
        finished: Tells whether nothing more will be written.
        follow: Whether to wait for more until then.
        stop: Ends the waiting.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    position = 0
    while True:
        # Asked before reading: what was written until the step finished is then read below.
        last = not follow or finished()
        try:
            with os.fdopen(safe_paths.open_regular(directory.log(node_id), os.O_RDONLY), "rb") as log:
                log.seek(position)
                while block := log.read(_BLOCK):
                    position += len(block)
                    text = decoder.decode(block)
                    if text:
                        yield LogChunk(text)
        except (FileNotFoundError, NotADirectoryError):
            if position:
                yield LogChunk("The log was removed with its run.\n", notice=True)
                return
            if last:
                yield LogChunk(_absent(directory, node_id), notice=True)
        except OSError as error:
            raise EngineError(f"The log of this step can't be read: {error.strerror}.") from None
        if last or stop.wait(LOCAL_LOG_POLL_SECONDS):
            rest = decoder.decode(b"", final=True)
            if rest:
                yield LogChunk(rest)
            return


def _absent(directory: RunDirectory, node_id: str) -> str:
    if directory.node(node_id).is_dir():
        return "The log of this step is no longer available: its file was removed.\n"
    return "This step has no log: it hasn't run.\n"
