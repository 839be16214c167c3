"""Redacts credentials in every text that is shown: messages, tracebacks, listings, views.

A credential is found in two ways: what was read as one is remembered, and what looks like one is found by its place.

::

    texts.py        a text → the text without credentials
    known.py        credentials that were read, in each form that libraries write them in
    places.py       texts in the place of a credential: in headers, addresses, behind names such as ``password=``
    issued.py       credentials whose issuers mark them as theirs
    environment.py  environment variables and options of programs that hold credentials
    addresses.py    an address → the address without credentials
"""

from kfp_jupyter.redaction.addresses import remember_address, without_credentials
from kfp_jupyter.redaction.environment import remember_options, remember_variables
from kfp_jupyter.redaction.known import remember_secret
from kfp_jupyter.redaction.texts import redact, redact_log

__all__ = [
    "redact",
    "redact_log",
    "remember_address",
    "remember_options",
    "remember_secret",
    "remember_variables",
    "without_credentials",
]
