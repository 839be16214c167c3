"""The chosen step's log on screen."""

from __future__ import annotations

from functools import partial

import ipywidgets

from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import NodeState
from kfp_jupyter.streams import CancelToken
from kfp_jupyter.widget.live_run import LiveRun
from kfp_jupyter.widget.log import LogTail, follow_log, log_html
from kfp_jupyter.widget.text import escape


class LogPane(ipywidgets.VBox):
    """A heading and the end of the log; follows one step at a time.

    The element that scrolls is the text widget itself and stays while its content is replaced: who has scrolled up
    in it is left there. Each step gets a new one, which shows its end.
    """

    def __init__(self) -> None:
        self._title, self._text = ipywidgets.HTML(), _text_box()
        super().__init__([self._title, self._text])
        self.add_class("kfp-jupyter-log")
        self._stop = CancelToken()
        self._followed: tuple[LiveRun, str] | None = None
        self.clear()

    def clear(self) -> None:
        """Show nothing and follow nothing."""
        self._stop.set()
        self._followed = None
        self._title.value = self._text.value = ""
        self.layout.display = "none"

    def follow(self, live: LiveRun, label: str, node: NodeState | None) -> None:
        """Follow the step's log from when it has started; do nothing where that is being done."""
        if node is None or node.started_at is None or not node.is_step:
            self.clear()
            return
        if self._followed == (live, node.id):
            return
        self._stop.set()
        self._stop = stop = CancelToken()
        self._followed = (live, node.id)
        self._title.value = f"<h4>Log of {escape(one_line(label, 80))}</h4>"
        old, text = self._text, _text_box(log_html(LogTail(), live=True))
        self._text, self.children = text, (self._title, text)
        old.close()
        self.layout.display = None

        def show(tail: LogTail, more: bool) -> None:
            text.value = log_html(tail, live=more)

        live.background.start(partial(follow_log, live.engine, live.ref, node.id, stop, show), "log")

    def close(self) -> None:
        """End the following too."""
        self._stop.set()
        super().close()


def _text_box(html: str = "") -> ipywidgets.HTML:
    return ipywidgets.HTML(html).add_class("kfp-jupyter-log-box")
