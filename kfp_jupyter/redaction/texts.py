"""A text → the text without credentials."""

from __future__ import annotations

from kfp_jupyter.redaction import issued, known, places
from kfp_jupyter.redaction.environment import remember_environment


def redact(text: str) -> str:
    """Return a text with ``***`` in place of each credential.

    Args:
        text: Any text. One without credentials is returned unchanged.
    """
    remember_environment()
    # Credentials of requests before all: a pattern may take a part of one for its end.
    return issued.without_issued(places.without_places(known.without_known(text)))


def redact_log(text: str) -> str:
    """Return the output of a program with ``***`` in place of credentials that are remembered or known by their format.

    Text that is only in the place of a credential may be its result, and stays.

    Args:
        text: The log, or a piece of it.
    """
    remember_environment()
    return issued.without_issued(known.without_known(text))
