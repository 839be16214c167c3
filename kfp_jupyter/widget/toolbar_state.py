"""Which buttons of a view are enabled in the state of its run."""

from __future__ import annotations

import ipywidgets

from kfp_jupyter.widget.live_run import LiveRun
from kfp_jupyter.widget.toolbar import Toolbar


def update_toolbar(toolbar: Toolbar, live: LiveRun | None, *, submitting: bool, submits: bool) -> None:
    """Bring the buttons up to date.

    Args:
        toolbar: The buttons.
        live: The run shown; None for none.
        submitting: Whether a run is being started.
        submits: Whether the view starts runs at all.
    """
    if submitting:
        toolbar.submitting()
    elif live is None or not live.active:
        toolbar.idle(submit=submits, retry=live is not None and live.ended_badly)
    elif live.retrying:
        toolbar.retrying()
    elif live.stopping:
        toolbar.stopping(again=live.can_stop_again)
    else:
        toolbar.running(live.suspend_control.current(live.state))


def close_children(box: ipywidgets.Box) -> None:
    """Close all widgets in a box."""
    for child in box.children:
        if isinstance(child, ipywidgets.Box):
            close_children(child)
        child.close()
