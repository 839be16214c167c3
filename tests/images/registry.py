"""An image registry on 127.0.0.1, as small as a push needs it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager

from tests.images.servers import Handler, serving

MANIFEST = re.compile(r"/v2/(?P<name>.+)/manifests/(?P<tag>[^/]+)$")


class Registry:
    """What was pushed.

    Attributes:
        host: Its name in names of images.
        blobs: Digest to bytes.
        uploads: Path to the bytes of a blob that is on its way.
        manifests: ``name:tag`` to digest.
    """

    def __init__(self) -> None:
        self.host = ""
        self.blobs: dict[str, bytes] = {}
        self.uploads: dict[str, bytes] = {}
        self.manifests: dict[str, str] = {}


class RegistryHandler(Handler):
    """The registry's protocol."""

    registry: Registry

    def do_GET(self) -> None:
        self.say(200 if self.path == "/v2/" else 404)

    def do_HEAD(self) -> None:
        digest = self.path.rpartition("/")[2]
        self.say(200 if digest in self.registry.blobs else 404)

    def do_POST(self) -> None:
        self.body()
        place = f"{self.path.partition('?')[0]}{len(self.registry.uploads)}"
        self.registry.uploads[place] = b""
        self.say(202, Location=place)

    def do_PATCH(self) -> None:
        place = self.path.partition("?")[0]
        self.registry.uploads[place] += self.body()
        self.say(202, Location=place, Range=f"0-{len(self.registry.uploads[place]) - 1}")

    def do_PUT(self) -> None:
        data = self.registry.uploads.get(self.path.partition("?")[0], b"") + self.body()
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        self.registry.blobs[digest] = data
        if manifest := MANIFEST.match(self.path):
            self.registry.manifests[f"{manifest['name']}:{manifest['tag']}"] = digest
        self.say(201, Docker_Content_Digest=digest, Location=self.path)


@contextmanager
def served() -> Iterator[Registry]:
    """Serve an empty registry while the block runs."""
    registry = Registry()
    with serving(type("OwnHandler", (RegistryHandler,), {"registry": registry})) as registry.host:
        yield registry
