"""The chosen step on screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ipywidgets

from kfp_jupyter.runs import NodeState
from kfp_jupyter.widget.details import head_html, results_html, template_html, values_html
from kfp_jupyter.widget.elements import StepNode
from kfp_jupyter.widget.results import Results
from kfp_jupyter.widget.text import escape, shorten

HINT = '<p class="kfp-jupyter-note">Choose a step to see its inputs, outputs, log, metrics and visualisations.</p>'
MAX_DESCRIPTION = 2000


class DetailsPane(ipywidgets.VBox):
    """Name, phase, results, values and YAML of one step, one HTML widget each: only what changed is sent."""

    def __init__(self) -> None:
        self._head, self._results, self._values, self._yaml = (ipywidgets.HTML() for _ in range(4))
        self._results.add_class("kfp-jupyter-results")
        self._template: Mapping[str, Any] = {}
        super().__init__([self._head, self._results, self._values, self._yaml])
        self.add_class("kfp-jupyter-details")
        self.clear()

    def clear(self, description: str = "") -> None:
        """Show that no step is chosen, and what the pipeline is for."""
        told = f"<p>{escape(shorten(description, MAX_DESCRIPTION))}</p>" if description else ""
        self._head.value = told + HINT
        self._results.value = self._values.value = self._yaml.value = ""

    def choose(self, template: Mapping[str, Any]) -> None:
        """Make room for another step."""
        self._template = template
        self._yaml.value = template_html(template)

    def show(
        self, step: StepNode, node: NodeState | None, results: Results | None, now: datetime, *, ended: bool
    ) -> None:
        """Bring the chosen step up to date."""
        self._head.value = head_html(step, node, now, ended=ended)
        self._results.value = results_html(results)
        self._values.value = values_html(self._template, node)
