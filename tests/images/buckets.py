"""An object store on 127.0.0.1 that agrees to everything, or to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.images.servers import Handler, serving


class Bucket:
    """What it was asked.

    Attributes:
        url: Where it is.
        answer: What it says to everything.
        refuse: Whether it refuses everything.
        asked: Method and path of every request.
    """

    def __init__(self, answer: bytes) -> None:
        self.url = ""
        self.answer = answer
        self.refuse = False
        self.asked: list[tuple[str, str]] = []

    def methods(self, part: str) -> list[str]:
        """Methods of the requests with that in their path."""
        return [method for method, path in self.asked if part in path]


class BucketHandler(Handler):
    """Takes note."""

    bucket: Bucket

    def any_method(self) -> None:
        self.body()
        self.bucket.asked.append((self.command, self.path))
        status = 403 if self.bucket.refuse else 200
        self.say(status, self.bucket.answer, Content_Type="application/json", ETag='"1"')

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = any_method


@contextmanager
def served(answer: bytes) -> Iterator[Bucket]:
    """Serve while the block runs."""
    bucket = Bucket(answer)
    with serving(type("OwnHandler", (BucketHandler,), {"bucket": bucket})) as host:
        bucket.url = f"http://{host}"
        yield bucket
