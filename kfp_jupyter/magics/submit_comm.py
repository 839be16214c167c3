"""The kernel's side of JupyterLab's Submit run button.

The front end opens a comm to `TARGET` and sends ``{"type": "submit", "cell_id": …}``. The answer is
``{"type": "submitted", "cell_id", "run"}``, ``{"type": "no-view", "cell_id"}`` when that cell hasn't been run in
this kernel, or ``{"type": "error", "message"}``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import comm

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.magics.session import Session

TARGET = "kfp_jupyter"


def listen(session: Session) -> None:
    """Answer the front end from now on."""

    def opened(channel: Any, _opening: Any) -> None:
        channel.on_msg(lambda message: answer(session, message["content"]["data"], channel.send))

    comm.get_comm_manager().register_target(TARGET, opened)


def answer(session: Session, request: dict[str, Any], send: Callable[[dict[str, Any]], None]) -> None:
    """Answer one request of the front end.

    Args:
        session: The notebook's.
        request: What was asked.
        send: Takes the answer, now or when the engine has answered.
    """
    cell_id = str(request.get("cell_id", ""))
    if request.get("type") != "submit":
        send({"type": "error", "message": f"The kernel doesn't know the request {request.get('type')!r}."})
        return
    view = session.view_of_cell(cell_id)
    if view is None:
        send({"type": "no-view", "cell_id": cell_id})
        return

    def answered(run: RunRef | None) -> None:
        if run is None:
            send({"type": "error", "cell_id": cell_id, "message": "The run was not started; the view says why."})
        else:
            send({"type": "submitted", "cell_id": cell_id, "run": run.id})

    view.submit_soon(answered)
