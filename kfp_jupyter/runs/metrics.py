"""`mlpipeline_metrics`: the JSON a step writes to report numbers.

Format: ``{"metrics": [{"name": "accuracy-score", "numberValue": 0.9, "format": "PERCENTAGE"}]}`` as the
Kubeflow Pipelines backend reads it; it drops what breaks its rules and only its own log says so. Here every
metric that can be shown is shown, with what is wrong with it in words.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from typing import Any

from kfp_jupyter.errors import OutputFormatError
from kfp_jupyter.runs.document import entries

ARTIFACT_NAMES = ("mlpipeline-metrics", "mlpipeline_metrics")
"""Names under which a step's metrics are stored."""

MAX_METRICS = 50
"""How many metrics of a run the Kubeflow Pipelines backend keeps."""

_NAME = re.compile(r"^[a-zA-Z]([-_a-zA-Z0-9]{0,62}[a-zA-Z0-9])?$")
_FORMATS = {"RAW", "PERCENTAGE", "UNSPECIFIED"}


@dataclasses.dataclass(frozen=True, slots=True)
class Metric:
    """One number a step reported.

    Attributes:
        name: What it is called.
        value: The number; NaN and infinities as floats.
        percentage: Whether to show it as per cent (1.0 is 100 %).
        problem: Why a Kubeflow Pipelines backend would not keep it; empty if it would.
    """

    name: str
    value: float
    percentage: bool = False
    problem: str = ""

    def format_value(self) -> str:
        """Return the value as people read it."""
        if self.percentage and math.isfinite(self.value):
            return f"{self.value * 100:.4g} %"
        return f"{self.value:.6g}"


def parse_metrics(data: bytes) -> list[Metric]:
    """Return the metrics that an artifact holds.

    Raises:
        OutputFormatError: The artifact isn't the JSON described above.
    """
    found = entries(data, "mlpipeline_metrics", "metrics", _REMEDY)
    return [_metric(entry, index) for index, entry in enumerate(found)]


_REMEDY = 'Return json.dumps({"metrics": [{"name": "accuracy", "numberValue": 0.9, "format": "PERCENTAGE"}]}).'


def _metric(entry: Any, index: int) -> Metric:
    if not isinstance(entry, dict) or "name" not in entry or "numberValue" not in entry:
        raise OutputFormatError(
            f'Entry {index + 1} of mlpipeline_metrics has no "name" and "numberValue": {json.dumps(entry)[:80]}.',
            remedy=_REMEDY,
        )
    name, value, problem = str(entry["name"]), entry["numberValue"], ""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise OutputFormatError(
            f'The metric {name!r} has a "numberValue" that is no number: {json.dumps(value)[:80]}.', remedy=_REMEDY
        ) from None
    form = entry.get("format", "UNSPECIFIED")
    if not _NAME.match(name):
        problem = "a Kubeflow Pipelines server drops names with other than up to 64 letters, digits, - and _"
    elif isinstance(value, (str, bool)) or not math.isfinite(number):
        problem = "a Kubeflow Pipelines server drops values that are not finite JSON numbers"
    elif form not in _FORMATS:
        problem = f"a Kubeflow Pipelines server drops the format {form!r}; it knows RAW and PERCENTAGE"
    elif index >= MAX_METRICS:
        problem = f"a Kubeflow Pipelines server keeps {MAX_METRICS} metrics of a run"
    return Metric(name, number, form == "PERCENTAGE", problem)
