"""The kernel's side of JupyterLab's Submit run button.

The front end opens a comm to `TARGET` and asks one question. First ``{"type": "view", "cell_id"}``, answered by
``{"type": "view", "cell_id", "model_id", "pipeline", "under_way"}``: the widget under that cell, the pipeline's name
behind ``%kfp``, and whether a run is under way in it. When the view is to be seen in the notebook, it asks
``{"type": "submit", "cell_id"}``, answered by ``{"type": "submitted", "cell_id", "run"}``. Either answer may be
``{"type": "no-view", "cell_id"}`` when that cell hasn't been run in this kernel, or ``{"type": "error", "message"}``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import comm

from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.magics.session import PipelineEntry, Session

TARGET = "kfp_jupyter"

Send = Callable[[dict[str, Any]], None]


def listen(session: Session) -> None:
    """Answer the front end from now on."""

    def opened(channel: Any, _opening: Any) -> None:
        channel.on_msg(lambda message: answer(session, message["content"]["data"], channel.send))

    comm.get_comm_manager().register_target(TARGET, opened)


def answer(session: Session, request: dict[str, Any], send: Send) -> None:
    """Answer one request of the front end.

    Args:
        session: The notebook's.
        request: What was asked.
        send: Takes the answer, now or when the engine has answered.
    """
    cell_id, kind = str(request.get("cell_id", "")), request.get("type")
    if kind not in ("view", "submit"):
        send({"type": "error", "message": f"The kernel doesn't know the request {kind!r}."})
        return
    found = session.pipeline_of_cell(cell_id)
    if found is None:
        send({"type": "no-view", "cell_id": cell_id})
        return
    name, entry = found
    if not name:
        send({"type": "error", "cell_id": cell_id, "message": f"No run was started. {entry.view.problem}"})
    elif kind == "view":
        about = {"model_id": entry.view.model_id, "pipeline": name, "under_way": entry.view.under_way}
        send({"type": "view", "cell_id": cell_id, **about})
    else:
        _submit(entry, cell_id, send)


def _submit(entry: PipelineEntry, cell_id: str, send: Send) -> None:
    def answered(run: RunRef | None) -> None:
        if run is None:
            why = entry.view.problem or "No run was started: a parameter's value is not valid; the view shows which."
            send({"type": "error", "cell_id": cell_id, "message": why})
        else:
            send({"type": "submitted", "cell_id": cell_id, "run": run.id})

    entry.view.submit_soon(answered)
