"""Amounts of a resource as Kubernetes writes them.

The grammar is that of https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_QUANTITY = re.compile(r"([+-]?[0-9.]+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?")
_SIZE = re.compile(r"[0-9]+(?:E|Ei|P|Pi|T|Ti|G|Gi|M|Mi|K|Ki)?")
_UNITS = {"": 1.0, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3}
_UNITS |= {unit: 1000.0**power for power, unit in enumerate("MGTPE", 2)}
_UNITS |= {f"{unit}i": 1024.0**power for power, unit in enumerate("KMGTPE", 1)}


def amount(text: object) -> float | None:
    """Return a quantity as a number; None if it is not a valid one."""
    match = _QUANTITY.fullmatch(str(text).strip())
    if not match:
        return None
    number, unit = match[1], match[2] or ""
    try:
        return float(number + unit) if unit[:1] in ("e", "E") and len(unit) > 1 else float(number) * _UNITS[unit]
    except ValueError:
        return None


def is_size(text: str) -> bool:
    """Whether a text is an amount of memory or storage as KFP v1 takes it: a whole number, with a unit or without.

    From ``_validate_size_string`` in ``kfp/dsl/_container_op.py`` of kfp 1.8.24.
    """
    return _SIZE.fullmatch(text) is not None


def written(number: float, resource: str) -> str:
    """Return an amount of a resource with its unit, such as ``512Mi``.

    Args:
        number: The amount, in the resource's base unit.
        resource: The resource, such as ``memory``.
    """
    if not any(word in resource for word in ("memory", "storage")):
        return f"{number:g}"
    for unit in ("Ti", "Gi", "Mi", "Ki"):
        if number >= _UNITS[unit]:
            return f"{number / _UNITS[unit]:.4g}{unit}"
    return f"{number:g}"


def asked(pod_spec: Mapping[str, Any], resource: str) -> float:
    """Return how much of a resource a pod requests: the sum of its containers, or more if an init container does.

    Args:
        pod_spec: The pod's spec.
        resource: The resource, such as ``cpu``.
    """
    together = sum(_requests(pod_spec.get("containers") or (), resource))
    return max([together, *_requests(pod_spec.get("initContainers") or (), resource)])


def _requests(containers: Iterable[Mapping[str, Any]], resource: str) -> list[float]:
    found = []
    for container in containers:
        resources = container.get("resources") or {}
        wanted = (resources.get("requests") or {}).get(resource, (resources.get("limits") or {}).get(resource))
        found.append(amount(wanted) or 0.0)
    return found
