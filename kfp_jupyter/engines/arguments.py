"""Arguments of a run → the values of the Workflow's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kfp_jupyter.errors import EngineError
from kfp_jupyter.naming import closest
from kfp_jupyter.parsing.objects import entries
from kfp_jupyter.workflow.values import PARAMETER_LIMIT, text_of


def bind_arguments(workflow: Mapping[str, Any], arguments: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the parameters of a Workflow with their values.

    Args:
        workflow: The compiled pipeline.
        arguments: Values that replace the parameters' defaults.

    Raises:
        EngineError: An unknown parameter, or one without a value or too large.
    """
    spec = workflow["spec"]
    declared = {p["name"]: p.get("value") for p in entries(spec, "arguments", "parameters")}
    template = next(t for t in spec["templates"] if t["name"] == spec["entrypoint"])
    for parameter in entries(template, "inputs", "parameters"):
        default = parameter.get("value", parameter.get("default"))
        if declared.get(parameter["name"]) is None:
            declared[parameter["name"]] = default
    for name in arguments:
        if name not in declared:
            raise _unknown(name, list(declared))
    values = {name: arguments.get(name, default) for name, default in declared.items()}
    for name, value in values.items():
        if value is None:
            raise EngineError(f"The parameter {name!r} has no value.", remedy="Give it one with the run's arguments.")
        size = len(text_of(value).encode(errors="surrogatepass"))
        if size > PARAMETER_LIMIT:
            raise EngineError(
                f"The value of the parameter {name!r} has {size:,} bytes; a parameter has {PARAMETER_LIMIT:,} at most.",
                remedy="Pass the location of the data instead, or produce it in a step and pass it on as an "
                "InputPath file.",
            )
    return [{"name": name, "value": text_of(value)} for name, value in values.items()]


def _unknown(name: str, known: list[str]) -> EngineError:
    nearest = closest(name, known)
    remedy = f"Did you mean {nearest!r}?" if nearest else f"It has {', '.join(map(repr, known)) or 'none'}."
    return EngineError(f"The pipeline has no parameter {name!r}.", remedy=remedy)
