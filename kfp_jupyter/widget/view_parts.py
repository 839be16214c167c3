"""What a run view is made of and where each part stands; `RunView` fills the parts in."""

from __future__ import annotations

from collections.abc import Callable

import ipywidgets
from IPython.display import display

from kfp_jupyter.widget.details_pane import DetailsPane
from kfp_jupyter.widget.form_box import FormBox
from kfp_jupyter.widget.graph import GraphView
from kfp_jupyter.widget.log_pane import LogPane
from kfp_jupyter.widget.run_names import RunNames
from kfp_jupyter.widget.static_picture import StaticPicture
from kfp_jupyter.widget.step_chips import StepChips
from kfp_jupyter.widget.style import css
from kfp_jupyter.widget.toolbar import Toolbar


class ViewParts(ipywidgets.VBox):
    """The parts, empty.

    Args:
        toolbar: The row of controls.
        on_select: Gets the path of a step or group that was clicked.
        on_iteration: Called when the user has picked another iteration.
        draw_picture: Makes the picture that stays in the notebook.
    """

    def __init__(
        self,
        toolbar: Toolbar,
        on_select: Callable[[str], None],
        on_iteration: Callable[[], None],
        draw_picture: Callable[[], dict[str, str]],
    ) -> None:
        self._toolbar = toolbar
        self._banner, self._trouble, self._replaced, self._summary = (
            ipywidgets.HTML().add_class(f"kfp-jupyter-{part}") for part in ("banner", "trouble", "replaced", "summary")
        )
        self._names = RunNames(toolbar.names)
        self._form, self._chips, self._canvas = FormBox(), StepChips(on_select), GraphView(on_select)
        self._details, self._log = DetailsPane(on_iteration), LogPane()
        self._picture = StaticPicture(draw_picture)
        style = ipywidgets.HTML(f"<style>{css()}</style>").add_class("kfp-jupyter-style")
        columns = ipywidgets.Box([self._canvas, self._details, self._summary, self._log])
        columns.add_class("kfp-jupyter-columns")
        above = [style, toolbar, self._replaced, self._names, self._form, self._banner, self._trouble, self._chips]
        super().__init__([*above, columns])
        self.add_class("kfp-jupyter-view")

    def name_run(self, name: str, experiment: str) -> None:
        """Put a name and an experiment into the fields for the next run; what is empty leaves its field as it is.

        Args:
            name: Name of the run.
            experiment: Experiment of the run.
        """
        self._names.fill(name, experiment)

    def show(self) -> None:
        """Display the view, and below it the static picture that stays when the kernel is gone."""
        display(self)
        self._picture.show()
