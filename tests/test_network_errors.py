"""Of a chain of network errors the words at its bottom are shown."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import urllib3.exceptions

from kfp_jupyter.network_errors import innermost

# Any: it comes without types.
BOTOCORE: Any = importlib.import_module("botocore.exceptions")
REFUSED = ConnectionRefusedError(111, "Connection refused")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (REFUSED, "Connection refused"),
        (OSError(), "OSError"),
        (urllib3.exceptions.MaxRetryError(None, "/x", REFUSED), "Connection refused"),  # type: ignore[arg-type]
        (urllib3.exceptions.ProtocolError("Connection aborted.", ConnectionResetError(104, "reset")), "reset"),
        (urllib3.exceptions.ProxyError("Unable to connect to proxy", OSError("407 no")), "407 no"),
        (BOTOCORE.EndpointConnectionError(endpoint_url="http://s", error=REFUSED), "Connection refused"),
        ("what it answers is no list.", "what it answers is no list"),
    ],
)
def test_the_innermost_words_are_shown(error: object, words: str) -> None:
    assert innermost(error) == words
