"""Environment variables that hold credentials, by their names or as an address with a password."""

from __future__ import annotations

import os
import re
from pathlib import Path

from kfp_jupyter.redaction.addresses import remember_address
from kfp_jupyter.redaction.known import WORDLIKE, remember_secret

_SECRET_VARIABLE = re.compile(
    r"(?:(?:TOKEN|SECRET|PASSWORD|CREDENTIAL)S?|PASSWD|PASSPHRASE|APIKEY|COOKIE|ACCESS_KEY_ID|CONNECTION_STRING|JWT"
    r"|SECRET_KEY_BASE|WEBHOOK(?:_URL)?|_(?:PASS|PW|PWD|KEY|PAT|AUTH|SAS))"
    r"(?:_(?:\d+|BASE64|B64|VALUE|DATA|JSON|PROD|PRODUCTION|STAGING|DEV|TEST))?",
    re.IGNORECASE,
)
"""How the names of such variables end."""


def remember_environment() -> None:
    """Remember the credentials that are in this process's environment now."""
    for name, value in os.environ.items():
        # The whole end of a name: TOKENIZERS_PARALLELISM has no token.
        if any(match.end() == len(name) for match in _SECRET_VARIABLE.finditer(name)):
            # Shorter ones are words such as "true"; and some variables name a file.
            if len(value) >= WORDLIKE and not (value.startswith(("/", "~")) and Path(value).expanduser().exists()):
                remember_secret(value)
        elif "://" in value and "@" in value:
            for word in value.split():
                remember_address(word)
