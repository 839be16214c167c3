"""The chosen step or group on screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import ipywidgets

from kfp_jupyter.widget.details import Chosen, head_html, results_html, template_html, values_html
from kfp_jupyter.widget.iteration_picker import IterationPicker
from kfp_jupyter.widget.step_status import Iteration, StepStatus
from kfp_jupyter.widget.text import escape, shorten
from kfp_jupyter.workflow.views import NO_TEMPLATE, Template

HINT = '<p class="kfp-jupyter-note">Choose a step to see its inputs, outputs, log, metrics and visualisations.</p>'
MAX_DESCRIPTION = 2000


class DetailsPane(ipywidgets.VBox):
    """Name, phase, results, values and YAML of one step or group, a widget each: only what changed is sent.

    Args:
        on_pick: Called when the user has picked another iteration.
    """

    def __init__(self, on_pick: Callable[[], None]) -> None:
        self._head, self._results, self._values, self._yaml = (ipywidgets.HTML() for _ in range(4))
        self._iterations = IterationPicker(on_pick)
        self._results.add_class("kfp-jupyter-results")
        self._template = NO_TEMPLATE
        super().__init__([self._head, self._iterations, self._results, self._values, self._yaml])
        self.add_class("kfp-jupyter-details")
        self.clear()

    def clear(self, description: str = "") -> None:
        """Show that no step is chosen, and what the pipeline is for."""
        told = f"<p>{escape(shorten(description, MAX_DESCRIPTION))}</p>" if description else ""
        self._head.value = told + HINT
        self._results.value = self._values.value = self._yaml.value = ""
        self._iterations.clear()

    def choose(self, template: Template) -> None:
        """Make room for another step or group."""
        self._template = template
        self._yaml.value = template_html(template)
        self._iterations.clear()

    def iteration(self, status: StepStatus, now: datetime) -> Iteration:
        """Offer the iterations, and return the one to show.

        Args:
            status: Status of the step or group.
            now: The current time.
        """
        return self._iterations.show(status, now)

    def show(self, chosen: Chosen, now: datetime, *, ended: bool) -> None:
        """Bring what is chosen up to date.

        Args:
            chosen: The step or group, with what is known of it.
            now: The current time.
            ended: Whether the run has ended.
        """
        self._head.value = head_html(chosen, now, ended=ended)
        self._results.value = results_html(chosen.results)
        self._values.value = values_html(self._template, chosen.iteration.node)
