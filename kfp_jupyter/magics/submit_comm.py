"""The kernel's side of JupyterLab's Submit run button.

The front end opens a comm to `TARGET` and sends ``{"type": "submit", "cell_id": …}``. The answer is
``{"type": "submitted", "cell_id", "run"}``, ``{"type": "no-view", "cell_id"}`` when that cell hasn't been run in
this kernel, or ``{"type": "error", "message"}``.
"""

from __future__ import annotations

from typing import Any

import comm

from kfp_jupyter.magics.session import Session

TARGET = "kfp_jupyter"


def listen(session: Session) -> None:
    """Answer the front end from now on."""

    def opened(channel: Any, _opening: Any) -> None:
        channel.on_msg(lambda message: channel.send(answer(session, message["content"]["data"])))

    comm.get_comm_manager().register_target(TARGET, opened)


def answer(session: Session, request: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to one request of the front end."""
    cell_id = str(request.get("cell_id", ""))
    if request.get("type") != "submit":
        return {"type": "error", "message": f"The kernel doesn't know the request {request.get('type')!r}."}
    view = session.view_of_cell(cell_id)
    if view is None:
        return {"type": "no-view", "cell_id": cell_id}
    run = view.submit()
    if run is None:
        return {"type": "error", "cell_id": cell_id, "message": "The run was not started; the view says why."}
    return {"type": "submitted", "cell_id": cell_id, "run": run.id}
