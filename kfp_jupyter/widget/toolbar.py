"""The row of controls above the graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets

from kfp_jupyter.printable import one_line
from kfp_jupyter.widget.suspend_control import SuspendAction
from kfp_jupyter.widget.text import escape


class Toolbar(ipywidgets.HBox):
    """Title, Submit run, Stop, Suspend or Resume, Retry, the engine, the name of a run, progress.

    Args:
        engines: Names to choose from.
        engine: The one chosen at first.
        on_submit: Called when Submit run is pressed.
        on_stop: Called when Stop is pressed.
        on_retry: Called when Retry is pressed.
        on_suspend: Called when Suspend or Resume is pressed.
    """

    def __init__(
        self,
        engines: Sequence[str],
        engine: str,
        on_submit: Callable[[], object],
        on_stop: Callable[[], object],
        on_retry: Callable[[], object],
        on_suspend: Callable[[], object],
    ) -> None:
        self._title = ipywidgets.HTML()
        self._title.add_class("kfp-jupyter-title")
        self._submit = ipywidgets.Button(description="Submit run", icon="play", button_style="primary")
        self._submit.add_class("kfp-jupyter-submit")
        self._submit.on_click(lambda _: on_submit())
        self._stop = ipywidgets.Button(description="Stop", icon="stop", disabled=True)
        self._stop.add_class("kfp-jupyter-stop")
        self._stop.on_click(lambda _: on_stop())
        self._suspend = ipywidgets.Button()
        self._suspend.add_class("kfp-jupyter-suspend")
        self._suspend.on_click(lambda _: on_suspend())
        self._retry = ipywidgets.Button(
            icon="repeat", tooltip="Run the failed steps again, and the steps that depend on them"
        )
        self._retry.add_class("kfp-jupyter-retry")
        self._retry.on_click(lambda _: on_retry())
        self._engine = ipywidgets.Dropdown(options=list(engines), value=engine, tooltip="Engine that runs the pipeline")
        self._engine.add_class("kfp-jupyter-engine")
        self.names = ipywidgets.ToggleButton(icon="tag", tooltip="Give the next run a name and an experiment")
        self.names.add_class("kfp-jupyter-name-run")
        self.progress = ipywidgets.HTML()
        self.progress.add_class("kfp-jupyter-progress")
        buttons = [self._submit, self._stop, self._suspend, self._retry]
        super().__init__([self._title, *buttons, self._engine, self.names, self.progress])
        self.add_class("kfp-jupyter-toolbar")
        self.idle()

    @property
    def engine(self) -> str:
        """The engine chosen."""
        return str(self._engine.value)

    def title(self, name: str, description: str) -> None:
        """Show the pipeline's name, with its description on hover.

        Args:
            name: Name of the pipeline.
            description: Description of the pipeline.
        """
        self._title.value = f'<b title="{escape(one_line(description, 300))}">{escape(one_line(name, 80))}</b>'

    def idle(self, *, submit: bool = True, retry: bool = False) -> None:
        """Let a run be submitted unless `submit` is false, and with `retry` the one shown be retried.

        Args:
            submit: Whether a run can be submitted.
            retry: Whether the run shown can be retried.
        """
        self._set(submit=submit, retry=retry)

    def choose(self, engine: str) -> None:
        """Take another engine for what is submitted next."""
        self._engine.value = engine

    def submitting(self) -> None:
        """Show that a run is about to start."""
        self._set(submit_word="Submitting…")

    def running(self, suspend: SuspendAction = SuspendAction.ABSENT) -> None:
        """Let the run be stopped, and suspended or resumed."""
        self._set(stop=True, suspend=suspend)

    def stopping(self, *, again: bool = False) -> None:
        """Show that the run is about to end; with `again` it can be stopped once more."""
        self._set(stop=again, stop_word="Stop now" if again else "Stopping…")

    def retrying(self) -> None:
        """Show that the run is about to start again."""
        self._set(retry_word="Retrying…")

    def _set(
        self,
        *,
        submit: bool = False,
        stop: bool = False,
        retry: bool = False,
        suspend: SuspendAction = SuspendAction.ABSENT,
        submit_word: str = "Submit run",
        stop_word: str = "Stop",
        retry_word: str = "Retry",
    ) -> None:
        self._submit.disabled = self._engine.disabled = not submit
        self._submit.description = submit_word
        self._stop.disabled, self._stop.description = not stop, stop_word
        self._suspend.description, self._suspend.icon = suspend.value, "play" if suspend.resumes else "pause"
        self._suspend.tooltip = (
            "Resume the run" if suspend.resumes else ("Start no further steps until the run is resumed")
        )
        self._suspend.disabled = not suspend.enabled
        self._suspend.layout.display = "none" if suspend is SuspendAction.ABSENT else None
        self._retry.disabled, self._retry.description = not retry, retry_word
        self._retry.layout.display = None if retry or retry_word != "Retry" else "none"
