"""Components and pipelines made anew, and cells that run again while their run goes on: nothing changes unseen."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from IPython.core.interactiveshell import InteractiveShell

from kfp_jupyter.components import Component
from kfp_jupyter.dsl import Pipeline
from kfp_jupyter.engines.local.engine import LocalEngine
from kfp_jupyter.magics.session import Session
from kfp_jupyter.runs import Phase
from kfp_jupyter.widget.run_view import RunView
from tests.magics.conftest import Notebook, Ran
from tests.widget.page import Page

ONE = "%%component\ndef train() -> int:\n    return 1"
TWO = "%%component\ndef train() -> int:\n    return 2"


def notes(ran: Ran) -> list[str]:
    return [line for line in ran.text.splitlines() if line.startswith("Note: ")]


def made(notebook: Notebook, cell: str, cell_id: str | None) -> Ran:
    ran = notebook.run(cell, cell_id)
    assert ran.error is None, ran.printed
    return ran


def test_a_component_made_by_another_cell_is_replaced_and_the_note_says_which(
    notebook: Notebook, tmp_path: Path
) -> None:
    made(notebook, ONE, "a")
    made(notebook, "%%pipeline\ndef p():\n    train()", "p")
    (note,) = notes(made(notebook, TWO, "b"))
    assert "'train' of cell [2] is replaced" in note
    assert "pipelines compiled from now on use this one" in note
    assert "cell [4], line 2" in note
    assert notebook.names["train"]() == 2
    made(notebook, f"%kfp compile p {tmp_path}/p.yaml", "c")
    template = next(
        t for t in yaml.safe_load((tmp_path / "p.yaml").read_text())["spec"]["templates"] if "container" in t
    )
    assert "return 2" in str(template["container"])


@pytest.mark.parametrize(
    ("first", "second", "ids"),
    [
        (ONE, TWO, ("a", "a")),
        (ONE, ONE, ("a", "b")),
        (ONE, TWO.replace("\n", " replace=true\n", 1), ("a", "b")),
        (ONE, TWO, (None, None)),
    ],
    ids=["the cell runs again", "a copy of the cell", "replace=true", "a shell without cell ids"],
)
def test_nothing_is_noted_where_the_author_knows(
    notebook: Notebook, first: str, second: str, ids: tuple[str | None, str | None]
) -> None:
    made(notebook, first, ids[0])
    assert notes(made(notebook, second, ids[1])) == []


def test_settings_alone_make_another_component(notebook: Notebook) -> None:
    made(notebook, ONE, "a")
    assert len(notes(made(notebook, ONE.replace("\n", " cpu=2\n", 1), "b"))) == 1


@pytest.mark.parametrize(
    "cell",
    [
        "%%component name=Train outputs='loss: float'\nloss = 1.0",
        "%%component name=Train lang=sh\necho 1",
        "%component name=Train image=busybox command=true",
    ],
)
def test_components_of_all_kinds_replace_each_other_with_a_note(notebook: Notebook, cell: str) -> None:
    made(notebook, ONE, "a")
    assert "'train' of cell [2] is replaced" in made(notebook, cell, "b").text
    assert "is replaced" in made(notebook, ONE, "a").text


def test_a_loaded_component_replaces_one_with_a_note(notebook: Notebook, tmp_path: Path) -> None:
    made(notebook, ONE, "a")
    (tmp_path / "c.yaml").write_text("name: Train\nimplementation: {container: {image: busybox, command: [echo]}}\n")
    assert "'train' of cell [2] is replaced" in made(notebook, f"%component load {tmp_path}/c.yaml", "b").text


def test_a_component_that_takes_dsl_from_pipelines_is_told(notebook: Notebook) -> None:
    (note,) = notes(made(notebook, "%%component\ndef dsl(x: int) -> int:\n    return x", "a"))
    assert "pipelines can't use dsl.Condition" in note
    assert "del dsl restores it" in note


@pytest.mark.parametrize("name", ["print", "len", "input", "open"])
def test_a_name_of_pythons_own_is_told_with_the_way_out(notebook: Notebook, name: str) -> None:
    ran = made(notebook, f"%%component\ndef {name}(x: int) -> int:\n    return x", "a")
    (note,) = notes(ran)
    assert f"{name!r} is now the component and no longer Python's own {name}" in note
    assert "as=…" in note
    assert f"del {name}" in note
    assert isinstance(notebook.names[name], Component)
    assert notes(made(notebook, f"%%component\ndef {name}(x: int) -> int:\n    return x + 1", "a")) == []


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ("import json as taken", "was the module json"),
        ("taken = 5", "was of type int"),
        ("def taken(): pass", "was a function"),
        ("class taken: pass", "was a class"),
    ],
)
@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("%%component\ndef taken() -> int: return 1", "component"),
        ("%%pipeline\ndef taken(): other()", "pipeline"),
        ("%%component as=taken name=Other outputs='x: int'\nx = 1", "component"),
    ],
)
def test_a_name_that_stood_for_something_else_is_told(
    notebook: Notebook, before: str, words: str, cell: str, kind: str
) -> None:
    made(notebook, "%%component\ndef other(): pass", "o")
    made(notebook, before, "a")
    ran = made(notebook, cell, "b")
    assert f"'taken' {words} in this notebook and is now the {kind}" in ran.text
    assert isinstance(notebook.names["taken"], (Component, Pipeline))


CALC = "%%pipeline\ndef calc():\n    train()"
LONGER = "%%pipeline\ndef calc():\n    train().after(train())"


def view_of_cell(session: Session, cell_id: str) -> RunView:
    found = session.pipeline_of_cell(cell_id)
    assert found is not None
    return found[1].view


def test_a_pipeline_made_by_another_cell_is_replaced_and_both_cells_say_so(notebook: Notebook) -> None:
    made(notebook, ONE, "a")
    made(notebook, CALC, "p")
    session = Session.of(notebook.shell)
    earlier = session.pipelines["calc"].view
    (note,) = notes(made(notebook, LONGER, "q"))
    assert "'calc' of cell [3] is replaced" in note
    assert session.pipelines["calc"].view is not earlier
    assert "The pipeline &#x27;calc&#x27; was redefined by cell [4]: submit it there." in Page(earlier).replaced
    assert earlier.submit() is None
    assert "cell [4]" in earlier.problem
    assert view_of_cell(session, "p") is earlier
    made(notebook, CALC, "p")
    assert earlier.comm is None
    assert "cell [5]" in view_of_cell(session, "q").problem


def test_a_pipeline_is_replaced_without_a_note_where_it_is_meant(notebook: Notebook) -> None:
    made(notebook, ONE, "a")
    made(notebook, CALC, "p")
    assert notes(made(notebook, LONGER.replace("\n", " replace=true\n", 1), "q")) == []
    assert notes(made(notebook, LONGER, "q")) == []


WAITS = """%%component
def wait(gate: str):
    import os, time
    while not os.path.exists(gate):
        time.sleep(0.05)"""


def waiting(gate: Path, steps: int = 1, name: str = "p") -> str:
    return f"%%pipeline\ndef {name}():\n" + f"    wait({str(gate)!r})\n" * steps


@pytest.fixture
def under_way(notebook: Notebook, tmp_path: Path) -> str:
    """A run of the pipeline in cell p that waits until the file gate is there; returns its id."""
    made(notebook, WAITS, "w")
    made(notebook, waiting(tmp_path / "gate"), "p")
    return made(notebook, "%kfp submit p", "s").text.split()[-1]


def finish(notebook: Notebook, gate: Path, name: str = "p") -> Phase:
    gate.touch()
    state = Session.of(notebook.shell).pipelines[name].view.wait(60)
    assert state is not None
    return state.phase


def test_a_cell_that_runs_again_goes_on_showing_its_run(notebook: Notebook, tmp_path: Path, under_way: str) -> None:
    earlier = Session.of(notebook.shell).pipelines["p"].view
    assert notes(made(notebook, waiting(tmp_path / "gate"), "p")) == []
    view = Session.of(notebook.shell).pipelines["p"].view
    assert view is not earlier
    assert view.run is not None
    assert view.run.id == under_way
    assert finish(notebook, tmp_path / "gate") is Phase.SUCCEEDED


@pytest.mark.parametrize(
    "cell",
    ["changed", "renamed", "broken", "x = 1", "%%component\ndef other(): pass"],
)
def test_a_run_that_its_cell_no_longer_shows_is_named(
    notebook: Notebook, tmp_path: Path, under_way: str, cell: str
) -> None:
    again = {
        "changed": waiting(tmp_path / "gate", steps=2),
        "renamed": waiting(tmp_path / "gate", name="q"),
        "broken": "%%pipeline\ndef p():\n    wait(",
    }.get(cell, cell)
    ran = notebook.run(again, "p")
    assert f"Note: The run {under_way} is still running: %kfp attach {under_way} shows it." in ran.text
    made(notebook, f"%kfp attach {under_way}", "b")
    assert f"The run {under_way} goes on" not in notebook.run(again, "p").text
    (tmp_path / "gate").touch()
    assert [view.wait(60).phase for view in Session.of(notebook.shell)._views.values()] == [Phase.SUCCEEDED]  # type: ignore[union-attr]


def test_another_cell_takes_the_run_over_with_the_pipeline(notebook: Notebook, tmp_path: Path, under_way: str) -> None:
    session = Session.of(notebook.shell)
    earlier = session.pipelines["p"].view
    made(notebook, waiting(tmp_path / "gate"), "q")
    taken = session.pipelines["p"].view
    assert taken.run == earlier.run is not None
    assert finish(notebook, tmp_path / "gate") is Phase.SUCCEEDED
    assert earlier.wait(60).phase is Phase.SUCCEEDED  # type: ignore[union-attr]
    assert "cell [" in earlier.problem


def test_another_cell_with_other_steps_names_the_run_that_goes_on(
    notebook: Notebook, tmp_path: Path, under_way: str
) -> None:
    ran = made(notebook, waiting(tmp_path / "gate", steps=2), "q")
    assert f"Its run {under_way} is still running: %kfp attach {under_way} shows it." in ran.text
    LocalEngine().terminate(LocalEngine().get(under_way))


def test_a_finished_run_is_no_longer_news(notebook: Notebook, tmp_path: Path, under_way: str) -> None:
    assert finish(notebook, tmp_path / "gate") is Phase.SUCCEEDED
    assert notes(made(notebook, "x = 1", "p")) == []


def test_a_run_of_a_kernel_that_was_restarted_is_named(notebook: Notebook, tmp_path: Path, under_way: str) -> None:
    InteractiveShell.clear_instance()
    restarted = Notebook(InteractiveShell.instance())
    made(restarted, "%load_ext kfp_jupyter", "l")
    made(restarted, WAITS, "w")
    told = f"The run {under_way} of this pipeline, which another kernel has started, is still running"
    assert told in made(restarted, waiting(tmp_path / "gate"), "p").text
    assert "goes on" not in made(restarted, waiting(tmp_path / "gate", name="other"), "o").text
    made(restarted, f"%kfp attach {under_way}", "a")
    assert told not in made(restarted, waiting(tmp_path / "gate"), "p").text
    assert finish(notebook, tmp_path / "gate") is Phase.SUCCEEDED
    session = Session.of(restarted.shell)
    for view in (*session._views.values(), *(entry.view for entry in session.pipelines.values())):
        view.close()
