"""A real IPython shell with the extension loaded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from kfp_jupyter.magics.session import Session


@dataclasses.dataclass
class Ran:
    """What came of running a cell."""

    error: BaseException | None
    shown: list[dict[str, Any]]
    printed: str

    @property
    def text(self) -> str:
        """Everything shown, as text."""
        return "\n".join(data.get("text/plain", "") for data in self.shown)


class Notebook:
    """Cells run one after the other in one shell, each with an id as JupyterLab gives it."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.shell = shell
        self.names = shell.user_ns

    def run(self, cell: str, cell_id: str | None = None) -> Ran:
        """Run a cell; its text is dedented by the common indentation of its lines."""
        with capture_output() as captured:
            result = self.shell.run_cell(cell, store_history=True, cell_id=cell_id)
        error = result.error_before_exec or result.error_in_exec
        return Ran(error, [output.data for output in captured.outputs], captured.stdout + captured.stderr)

    def fails(self, cell: str, cell_id: str | None = None) -> str:
        """Run a cell that must fail; return what the reader sees in place of a traceback."""
        ran = self.run(cell, cell_id)
        assert ran.error is not None, f"no error; shown: {ran.text}"
        assert "Traceback" not in ran.printed
        return str(ran.error)


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    yield shell
    shell.history_manager.end_session() if shell.history_manager else None
    InteractiveShell.clear_instance()


@pytest.fixture
def notebook(shell: InteractiveShell) -> Iterator[Notebook]:
    notebook = Notebook(shell)
    ran = notebook.run("%load_ext kfp_jupyter")
    assert ran.error is None, ran.printed
    yield notebook
    # A view that lived on would show its run's end among what the next test shows.
    session = Session.of(shell)
    for view in (*(entry.view for entry in session.pipelines.values()), *session._views.values()):
        view.close()
