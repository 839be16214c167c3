"""What a cell that shows the view puts into the notebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from kfp_jupyter.widget.run_view import RunView
from tests.widget.memory_engine import MemoryEngine
from tests.widget.views import end

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What cells of a shell display, as messages with data, transient and update."""
    shell = InteractiveShell.instance()
    publisher = CapturingDisplayPublisher(shell=shell)
    monkeypatch.setattr(shell, "display_pub", publisher)
    yield publisher.outputs
    InteractiveShell.clear_instance()


def test_the_view_and_its_picture_are_two_outputs_and_the_picture_follows_the_run(
    view: RunView, engine: MemoryEngine, outputs: list[dict[str, Any]]
) -> None:
    view.show()

    assert [WIDGET in output["data"] for output in outputs] == [True, False]
    first = outputs[1]
    assert set(first["data"]) == {"image/svg+xml", "text/plain"}
    assert "not started" in first["data"]["text/plain"]
    assert first["transient"]["display_id"]

    view.submit()
    end(engine, view)

    last = outputs[-1]
    assert last["update"]
    assert last["transient"] == first["transient"]
    assert set(last["data"]) == {"image/svg+xml", "text/plain"}
    assert "Succeeded · 3 of 3 steps done" in last["data"]["text/plain"]
    assert "Succeeded · 3 of 3 steps done" in last["data"]["image/svg+xml"]
    assert len([output for output in outputs if not output["update"]]) == 2
