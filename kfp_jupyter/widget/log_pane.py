"""The chosen step's log on screen."""

from __future__ import annotations

import ipywidgets

from kfp_jupyter.cancel_token import CancelToken
from kfp_jupyter.printable import one_line
from kfp_jupyter.runs import NodeState
from kfp_jupyter.widget.live_run import LiveRun
from kfp_jupyter.widget.log import LogFollower
from kfp_jupyter.widget.log_box import LogBox
from kfp_jupyter.widget.text import escape


class LogPane(ipywidgets.VBox):
    """A heading and the end of the log; follows one step at a time.

    Each step gets a box of its own, which shows its end.
    """

    def __init__(self) -> None:
        self._title, self._box = ipywidgets.HTML(), LogBox()
        super().__init__([self._title, self._box])
        self.add_class("kfp-jupyter-log")
        self._stop = CancelToken()
        self._followed: tuple[LiveRun, str] | None = None
        self.clear()

    def clear(self) -> None:
        """Show nothing and follow nothing."""
        self._stop.set()
        self._followed = None
        self._title.value = ""
        self.layout.display = "none"

    def follow(self, live: LiveRun, label: str, node: NodeState | None) -> None:
        """Follow the step's log from when it has started; do nothing where that is being done.

        Args:
            live: The run.
            label: Name of the step to display.
            node: Node of the step; None before there is one.
        """
        if node is None or node.started_at is None or not node.is_step:
            self.clear()
            return
        if self._followed == (live, node.id):
            return
        self._stop.set()
        self._stop = stop = CancelToken()
        self._followed = (live, node.id)
        self._title.value = f"<h4>Log of {escape(one_line(label, 80))}</h4>"
        old, box = self._box, LogBox()
        box.show([], 0, live=True)
        self._box, self.children = box, (self._title, box)
        old.close()
        self.layout.display = None

        def show(lines: list[str], left_out: int, more: bool) -> None:
            box.show(lines, left_out, live=more)

        follower = LogFollower(live.engine, live.ref, node.id, stop, show, live.thread.call)
        live.start_thread(follower.read, "log")

    def close(self) -> None:
        """End the following too."""
        self._stop.set()
        super().close()
