"""Steps stand everywhere as their author wrote them: as buttons, as rows of text, in the graph, in runs attached to."""

from __future__ import annotations

import re

from IPython.utils.capture import capture_output

from kfp_jupyter.magics.session import Session
from kfp_jupyter.widget.run_view import RunView
from tests.magics.conftest import Notebook
from tests.widget.page import Page

STEP = "%%component\ndef {name}(x: str = ''):\n    pass"
INDEPENDENT = "%%pipeline\ndef p():\n    classic()\n    broken()\n    twelve()"
FAN = "%%pipeline\ndef p():\n    first = classic()\n    for n in range(12):\n        twelve(str(n)).after(first)"
GROUPS = """%%pipeline
def p(word: str = "a"):
    twelve()
    with dsl.Condition(word == "a"):
        classic()
        broken()
    with dsl.ParallelFor([1, 2]) as item:
        broken(item)
    classic()"""


def view_of(notebook: Notebook, pipeline: str) -> RunView:
    for name in ("classic", "broken", "twelve"):
        assert notebook.run(STEP.format(name=name)).error is None
    ran = notebook.run(pipeline)
    assert ran.error is None, ran.error
    return Session.of(notebook.shell).pipelines["p"].view


def chips(view: RunView) -> list[str]:
    return [chip.description.split("  ")[0] for chip in Page(view).steps]


def rows(view: RunView) -> list[str]:
    with capture_output() as shown:
        view.show()
    picture = shown.outputs[-1].data["text/plain"]
    names = re.findall(r"^ +((?:Classic|Broken|Twelve)(?: \(\d+\))?) ", picture, re.MULTILINE)
    assert names
    return names


def from_left(view: RunView) -> list[str]:
    nodes = sorted(Page(view).items, key=lambda node: (node.position["y"], node.position["x"]))
    return [str(node.data["label"]) for node in nodes]


def test_independent_tasks_stand_in_the_order_written(notebook: Notebook) -> None:
    view = view_of(notebook, INDEPENDENT)

    assert chips(view) == rows(view) == from_left(view) == ["Classic", "Broken", "Twelve"]


def test_numbers_are_sorted_as_numbers(notebook: Notebook) -> None:
    view = view_of(notebook, FAN)

    expected = ["Classic", "Twelve", *(f"Twelve ({n})" for n in range(2, 13))]
    assert chips(view) == rows(view) == from_left(view) == expected


def test_groups_stand_where_their_first_task_was_written(notebook: Notebook) -> None:
    view = view_of(notebook, GROUPS)

    assert chips(view) == rows(view) == ["Twelve", "Classic", "Broken", "Broken (2)", "Classic (2)"]


def test_a_run_that_is_attached_to_keeps_the_order(notebook: Notebook) -> None:
    view_of(notebook, INDEPENDENT)
    session = Session.of(notebook.shell)
    run = session.pipelines["p"].view.submit()
    assert run is not None

    assert notebook.run(f"%kfp attach {run.id}").error is None

    assert chips(session._views[run]) == ["Classic", "Broken", "Twelve"]
    session._views[run].wait(60)


def test_what_is_compiled_to_a_file_says_nothing_of_the_order(notebook: Notebook) -> None:
    view_of(notebook, INDEPENDENT)

    assert "task-order" not in notebook.run("%kfp show p").text
