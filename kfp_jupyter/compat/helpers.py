"""Small functions of KFP v1's private modules that programs import.

Source: ``kfp/components/_naming.py`` and ``kfp/components/_yaml_utils.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from typing import IO, Any

import yaml

from kfp_jupyter.errors import ComponentError
from kfp_jupyter.naming import k8s_name, parameter_name
from kfp_jupyter.parsing import COMPONENT, UnreadableError


def sanitize_k8s_name(name: str, allow_capital_underscore: bool = False) -> str:
    """Return a name that Kubernetes accepts.

    Args:
        name: Any text.
        allow_capital_underscore: Whether capitals and underscores stay.
    """
    return parameter_name(name) if allow_capital_underscore else k8s_name(name)


def load_yaml(stream: str | bytes | IO[str] | IO[bytes]) -> Any:
    """Return what a YAML document holds.

    Args:
        stream: The document, or a file that holds it.

    Raises:
        ComponentError: It is not YAML, or over the limits.
    """
    # Not before it is needed: a program beside which a file has PyYAML's name may still import kfp.
    from kfp_jupyter.parsing.yaml_reader import read_yaml  # noqa: PLC0415  (lazy, see above)

    try:
        return read_yaml(stream if isinstance(stream, (str, bytes)) else stream.read(COMPONENT.size + 1), COMPONENT)
    except UnreadableError as error:
        where = f", line {error.line}" if error.line else ""
        raise ComponentError(f"The document{where} can't be read: {error.reason}.") from None


def dump_yaml(data: Any) -> str:
    """Return plain data as YAML, keys in their order."""
    return yaml.safe_dump(data, sort_keys=False, width=float("inf"))
