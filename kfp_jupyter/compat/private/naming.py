"""KFP v1's ``kfp.components._naming``: names for files, Kubernetes and Python."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Container, Mapping, Sequence

from kfp_jupyter.naming import unique_name


def _normalize_identifier_name(name: str) -> str:
    words = " ".join(re.sub(r"[\W_]", " ", name.lower()).split())
    return f"n{words}" if words[:1].isdigit() else words


def _sanitize_kubernetes_resource_name(name: str) -> str:
    return _normalize_identifier_name(name).replace(" ", "-")


def _sanitize_python_function_name(name: str) -> str:
    return _normalize_identifier_name(name).replace(" ", "_")


def _sanitize_file_name(name: str) -> str:
    return re.sub("[^-_.0-9a-zA-Z]+", "_", name)


def _convert_to_human_name(name: str) -> str:
    return name.replace("_", " ").replace("-", " ").strip().capitalize()


def _generate_unique_suffix(data: object) -> str:  # noqa: ARG001  (KFP v1's signature)
    return secrets.token_hex(4)


def _make_name_unique_by_adding_index(name: str, collection: Container[str], delimiter: str) -> str:
    return unique_name(name, collection, delimiter)


def _convert_name_and_make_it_unique_by_adding_number(
    name: str, used_converted_names: Container[str], conversion_func: Callable[[str], str]
) -> str:
    converted, number = conversion_func(name), 2
    while converted in used_converted_names:
        converted = conversion_func(f"{name} {number}")
        number += 1
    return converted


def generate_unique_name_conversion_table(
    names: Sequence[str], conversion_func: Callable[[str], str]
) -> Mapping[str, str]:
    """Return names and what a function makes of them, with numbers where two would be one.

    Args:
        names: The names; those that stay as they are keep their own.
        conversion_func: Makes a name of a name.
    """
    table = {name: name for name in names if conversion_func(name) == name}
    used = set(table)
    for name in names:
        if name not in table:
            table[name] = _convert_name_and_make_it_unique_by_adding_number(name, used, conversion_func)
            used.add(table[name])
    return table
