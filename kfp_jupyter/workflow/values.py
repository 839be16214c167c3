"""Values of parameters.

Source: https://argo-workflows.readthedocs.io/en/release-3.7/walk-through/parameters/.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

PARAMETER_LIMIT = 1024 * 1024
"""How many bytes a parameter may have; more doesn't fit the Workflow object that a cluster stores."""

WORD_LIMIT = 128 * 1024 - 1
"""Bytes that one word of a command line, or one environment variable, may have on Linux.

From ``MAX_ARG_STRLEN`` in ``include/uapi/linux/binfmts.h`` of Linux 6.12.
"""


def text_of(value: Any) -> str:
    """Return a parameter's value as Argo passes it: numbers and booleans in JSON's notation."""
    return value if isinstance(value, str) else json.dumps(value)


def json_parameters(values: Mapping[str, str]) -> str:
    """Return the value of the tag for all parameters: a JSON list."""
    return json.dumps([{"name": name, "value": value} for name, value in values.items()])
