"""Settings converted to the types that Kubernetes requires: it refuses ``value: true`` where the type is string.

The tables are those of Kubernetes' API (core/v1 of its OpenAPI definition) and of Argo's containers: what isn't in them
is text.

Source: https://kubernetes.io/docs/reference/kubernetes-api/.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.to_json import to_json
from kfp_jupyter.errors import PipelineError, author_position

_NUMBERS = """
activeDeadlineSeconds containerPort defaultMode deletionGracePeriodSeconds expirationSeconds failureThreshold fsGroup
generation hostPort initialDelaySeconds lun maxExpirationSeconds maxSkew minDomains mode partition periodSeconds
priority runAsGroup runAsUser seconds successThreshold supplementalGroups terminationGracePeriodSeconds timeoutSeconds
tolerationSeconds weight
"""
_TRUTHS = """
allowPrivilegeEscalation automountServiceAccountToken blockOwnerDeletion chapAuthDiscovery chapAuthSession controller
enableServiceLinks hostIPC hostNetwork hostPID hostProcess hostUsers optional privileged readOnly readOnlyRootFilesystem
runAsNonRoot setHostnameAsFQDN shareProcessNamespace sslEnabled stdin stdinOnce tty
mirrorVolumeMounts
"""

TEXT_MAPS = frozenset(
    ("annotations", "labels", "matchLabels", "nodeSelector", "options", "userAnnotations", "volumeAttributes")
)
"""Keys of mappings of names to text."""

AMOUNT_MAPS = frozenset(("limits", "requests", "overhead"))
"""Keys of mappings of resources to amounts: ``500m`` or a number."""

_OPEN = frozenset(("onExitCodes", "fieldsV1"))
"""Keys of what isn't looked into."""

_NEVER_MAPS = frozenset(("image", "name", "value"))
"""Keys of strings for which a mapping might be passed by mistake."""

_OF_ANY_OBJECT = frozenset(("matchLabels", "nodeSelector"))
"""Text maps that mean the same in objects of all kinds."""


def text_of(value: Any, what: str) -> Any:
    """Return a setting as text; a parameter or output stays what it is.

    Args:
        value: The setting.
        what: How an error calls it.

    Raises:
        PipelineError: It is a list, a mapping or an object.
    """
    if type(value) is str or isinstance(value, PipelineParam):
        return value
    return _text(to_json(value, what), what)


def whole_number(value: Any, what: str) -> int:
    """Return a setting that is a whole number and known when the pipeline is compiled.

    Args:
        value: The setting.
        what: How an error calls it.

    Raises:
        PipelineError: It is something else.
    """
    number = _number(to_json(value, what), what)
    if isinstance(number, str):
        raise PipelineError(
            f"{_begin(what)} is {value!r:.80}, which is known only when the pipeline runs.",
            remedy="Pass a whole number.",
            position=author_position(),
        )
    return number


def amount(value: Any, what: str) -> Any:
    """Return how much of a resource a setting is: a number or text; a parameter or output stays what it is.

    Args:
        value: The setting.
        what: How an error calls it.

    Raises:
        PipelineError: It is something else.
    """
    return value if isinstance(value, PipelineParam) else _amount(to_json(value, what), what)


def number_or_text(value: Any, what: str) -> Any:
    """Return a setting that may be a number or text to Kubernetes.

    Args:
        value: The setting; None for none.
        what: How an error calls it.

    Raises:
        PipelineError: It is something else.
    """
    data = to_json(value, what)
    if data is None or (isinstance(data, (int, float, str)) and not isinstance(data, bool)):
        return data
    raise PipelineError(f"{_begin(what)} can't be {value!r:.80}.", remedy="Pass a number.", position=author_position())


def typed(data: Any, what: str, key: str = "") -> Any:
    """Return a part of a pod with every field in Kubernetes' type.

    Args:
        data: Plain data.
        what: How an error calls what it belongs to.
        key: The key whose value it is.

    Raises:
        PipelineError: A field can't be of that type.
    """
    if data is None or key in _OPEN or (type(data) is str and key not in READERS):
        return data
    if isinstance(data, dict) and key not in _NEVER_MAPS:
        return _typed_mapping(data, what, key)
    if isinstance(data, list):
        return [typed(item, what, key) for item in data]
    where = f"the {key} of {what}" if key else what
    return READERS[key](data, where) if key in READERS else _text(data, where)


def _typed_mapping(data: dict[Any, Any], what: str, key: str) -> dict[str, Any]:
    if key not in TEXT_MAPS and key not in AMOUNT_MAPS:
        return {name: typed(inner, what, name) for name, inner in data.items()}
    read = _text if key in TEXT_MAPS else _amount
    return {
        _text(name, f"a name in {key} of {what}"): read(inner, f"{name!r} in {key} of {what}")
        for name, inner in data.items()
    }


def typed_object(data: Any, what: str, key: str = "", around: str = "") -> Any:
    """Return a Kubernetes object of any kind with text where all kinds have it.

    These are labels, annotations, selectors and environment variables.

    Args:
        data: Plain data.
        what: How an error calls it.
        key: The key whose value it is.
        around: The key around that.
    """
    if isinstance(data, dict):
        if key in _OF_ANY_OBJECT or (around == "metadata" and key in ("annotations", "labels")):
            return typed(data, what, key)
        if around == "env" and "name" in data:
            return typed(data, what)
        return {name: typed_object(inner, what, name, key) for name, inner in data.items()}
    if isinstance(data, list):
        return [typed_object(item, what, key, key) for item in data]
    return data


def _text(value: Any, what: str) -> str:
    if isinstance(value, (dict, list)):
        kind = "mapping" if isinstance(value, dict) else "list"
        raise PipelineError(
            f"{_begin(what)} is the {kind} {value!r:.80}, but Kubernetes requires a string there.",
            remedy="Pass a string, such as json.dumps(...) of it.",
            position=author_position(),
        )
    return "" if value is None else str(value)


def _number(value: Any, what: str) -> int | str:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and ("{{" in value or re.fullmatch(r"-?[0-9]+", value)):
        return value if "{{" in value else int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise PipelineError(
        f"{_begin(what)} can't be {value!r:.80}.", remedy="Pass a whole number.", position=author_position()
    )


def _truth(value: Any, what: str) -> bool:
    if isinstance(value, bool):
        return value
    raise PipelineError(
        f"{_begin(what)} can't be {value!r:.80}.", remedy="Pass True or False.", position=author_position()
    )


def _amount(value: Any, what: str) -> Any:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if is_number or isinstance(value, str):
        return value
    raise PipelineError(
        f"{_begin(what)} can't be {value!r:.80}.",
        remedy='Pass a number, or a string such as "500m" or "2Gi".',
        position=author_position(),
    )


def _port(value: Any, what: str) -> Any:
    return value if isinstance(value, int) and not isinstance(value, bool) else _text(value, what)


def _begin(what: str) -> str:
    return f"{what[:1].upper()}{what[1:]}"


READERS: Mapping[str, Callable[[Any, str], Any]] = {
    **dict.fromkeys(_NUMBERS.split(), _number),
    **dict.fromkeys(_TRUTHS.split(), _truth),
    **dict.fromkeys(("sizeLimit", "divisor"), _amount),
    "port": _port,
}
"""Keys of what isn't text, and what reads it."""
