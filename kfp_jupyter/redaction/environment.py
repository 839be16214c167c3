"""Environment variables and options of programs that hold credentials: by their names, or a password in an address."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
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


_OPTION = re.compile(r"--?(?P<name>[\w-]+)(?:=(?P<value>.*))?", re.DOTALL)


def remember_environment() -> None:
    """Remember the credentials that are in this process's environment now."""
    remember_variables(os.environ)


def remember_options(words: Sequence[str]) -> None:
    """Remember the credentials that a program is given as options: ``--client-secret=x``, ``--password x``.

    Args:
        words: The program and its arguments.
    """
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if option := _OPTION.fullmatch(word):
            value = following if option["value"] is None else option["value"]
            # As a variable of that name would be called.
            remember_variables({f"_{option['name'].replace('-', '_')}": value})


def remember_variables(variables: Mapping[str, str]) -> None:
    """Remember the credentials that are in environment variables.

    Args:
        variables: Name to value.
    """
    for name, value in variables.items():
        # The whole end of a name: TOKENIZERS_PARALLELISM has no token.
        if any(match.end() == len(name) for match in _SECRET_VARIABLE.finditer(name)):
            # Shorter ones are words such as "true"; and some variables name a file.
            if len(value) >= WORDLIKE and not (value.startswith(("/", "~")) and Path(value).expanduser().exists()):
                remember_secret(value)
        elif "://" in value and "@" in value:
            for word in value.split():
                remember_address(word)
