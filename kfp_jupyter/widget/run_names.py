"""The name and experiment of a run: two fields below the toolbar, folded away until a button there is pressed."""

from __future__ import annotations

import ipywidgets


class RunNames(ipywidgets.HBox):
    """The name and the experiment of the run that is submitted next; both may stay empty.

    Args:
        toggle: The button that shows and hides the fields.
    """

    def __init__(self, toggle: ipywidgets.ToggleButton) -> None:
        self._toggle = toggle
        self._name = _field("run name", "What to call the run; it is found by this name too")
        self._experiment = _field("experiment", "The experiment that the run belongs to")
        super().__init__([self._name, self._experiment])
        self.add_class("kfp-jupyter-names")
        toggle.observe(self._show, names="value")
        self._show()

    @property
    def name(self) -> str:
        """The run's name; empty for none."""
        return str(self._name.value).strip()

    @property
    def experiment(self) -> str:
        """The run's experiment; empty for none."""
        return str(self._experiment.value).strip()

    def fill(self, name: str, experiment: str) -> None:
        """Put what is given into the fields and show them; what is empty leaves its field as it is.

        Args:
            name: Name of the run.
            experiment: Experiment of the run.
        """
        self._name.value, self._experiment.value = name or self._name.value, experiment or self._experiment.value
        self._toggle.value = bool(self._toggle.value or name or experiment)

    def forget_name(self) -> None:
        """Empty the run's name: a run has it now, and the next one is another."""
        self._name.value = ""

    def _show(self, _change: object = None) -> None:
        self.layout.display = None if self._toggle.value else "none"


def _field(label: str, tooltip: str) -> ipywidgets.Text:
    style = {"description_width": "initial"}
    return ipywidgets.Text(description=label, placeholder="optional", tooltip=tooltip, style=style)
