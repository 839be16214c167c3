"""`mlpipeline_metrics`: the JSON a step writes to report numbers.

Format: ``{"metrics": [{"name": "accuracy-score", "numberValue": 0.9, "format": "PERCENTAGE"}]}`` as the
Kubeflow Pipelines backend reads it; it drops what breaks its rules and only its own log says so. Here every
metric that can be shown is shown, with what is wrong with it in words.
"""

from __future__ import annotations

import dataclasses
import math
import re
from decimal import Decimal
from typing import Any

from kfp_jupyter.runs.document import entries, shown
from kfp_jupyter.runs.numbers import readable

ARTIFACT_NAMES = ("mlpipeline-metrics", "mlpipeline_metrics")
"""Names under which a step's metrics are stored."""

MAX_METRICS = 50
"""How many metrics of a run the Kubeflow Pipelines backend keeps."""

_NAME = re.compile(r"[a-zA-Z]([-_a-zA-Z0-9]{0,62}[a-zA-Z0-9])?")
_FORMATS = {"RAW", "PERCENTAGE", "UNSPECIFIED"}


@dataclasses.dataclass(frozen=True, slots=True)
class Metric:
    """One number a step reported.

    Attributes:
        name: What it is called.
        value: The number; NaN where there is none.
        percentage: Whether to show it as per cent (1.0 is 100 %).
        problem: Why a Kubeflow Pipelines backend would not keep it, a sentence; empty if it would.
        written: What the step wrote where that is not a number this machine has; empty otherwise.
    """

    name: str
    value: float
    percentage: bool = False
    problem: str = ""
    written: str = ""

    def format_value(self) -> str:
        """Return the value formatted for display."""
        if self.written:
            return self.written
        if self.percentage and math.isfinite(self.value):
            # A hundred times the number may be more than a float holds.
            percents = self.value * 100 if math.isfinite(self.value * 100) else Decimal(self.value) * 100
            return f"{readable(percents, 4)} %"
        return readable(self.value)


def parse_metrics(data: bytes) -> list[Metric]:
    """Return the metrics that an artifact holds, one value an entry; one that is none says so.

    Raises:
        OutputFormatError: The artifact isn't the JSON described above.
    """
    found = entries(data, "mlpipeline_metrics", "metrics", _REMEDY)
    return [_metric(entry, index) for index, entry in enumerate(found)]


_REMEDY = 'Return json.dumps({"metrics": [{"name": "accuracy", "numberValue": 0.9, "format": "PERCENTAGE"}]}).'


def _metric(entry: Any, index: int) -> Metric:
    if not isinstance(entry, dict) or "name" not in entry or "numberValue" not in entry:
        problem = f'Entry {index + 1} of mlpipeline_metrics has no "name" and "numberValue".'
        return Metric(f"entry {index + 1}", math.nan, problem=problem, written=shown(entry))
    name, value, form = str(entry["name"]), entry["numberValue"], entry.get("format", "UNSPECIFIED")
    try:
        number = float(value)
    except (TypeError, ValueError):
        problem = f'The "numberValue" is not a number: {shown(value)}.'
        return Metric(name, math.nan, problem=problem, written=shown(value))
    except OverflowError:
        problem = "A Kubeflow Pipelines server drops values that are not finite JSON numbers."
        return Metric(name, math.inf if value > 0 else -math.inf, problem=problem, written=shown(value))
    return Metric(name, number, form == "PERCENTAGE", _dropped(name, value, form, index))


def _dropped(name: str, value: Any, form: Any, index: int) -> str:
    """Return why a server would not keep a metric; empty if it would."""
    if not _NAME.fullmatch(name):
        return "A Kubeflow Pipelines server drops names with other than up to 64 letters, digits, - and _."
    if isinstance(value, (str, bool)) or not math.isfinite(float(value)):
        return "A Kubeflow Pipelines server drops values that are not finite JSON numbers."
    if not isinstance(form, str) or form not in _FORMATS:
        return f"A Kubeflow Pipelines server drops the format {shown(form)}; it knows RAW and PERCENTAGE."
    if index >= MAX_METRICS:
        return f"A Kubeflow Pipelines server keeps {MAX_METRICS} metrics of a run."
    return ""
