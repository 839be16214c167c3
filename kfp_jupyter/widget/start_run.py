"""Submitting a run from a view, which says what is wrong instead of raising it."""

from __future__ import annotations

from collections.abc import Mapping

from kfp_jupyter.engines.base import Engine, RunRef, Workflow
from kfp_jupyter.errors import KfpJupyterError


def start_run(
    engine: Engine, workflow: Workflow, arguments: Mapping[str, str], name: str = "", experiment: str = ""
) -> tuple[RunRef | None, str]:
    """Submit a Workflow; return the run, or None and what is wrong.

    Args:
        engine: Where the run is to happen.
        workflow: The compiled pipeline.
        arguments: Values of its parameters.
        name: Name of the run; empty for none.
        experiment: What it belongs to; empty for nothing.
    """
    try:
        names = {"run_name": name or None, "experiment": experiment or None}
        return engine.submit(workflow, arguments=arguments, **names), ""
    except KfpJupyterError as error:
        return None, error.format_message()
    except Exception as error:  # noqa: BLE001  nobody else would hear of it: this may be the top of a thread
        return None, f"The engine {engine.name} can't start the run: {type(error).__name__}: {error}"
