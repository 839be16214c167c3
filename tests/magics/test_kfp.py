"""``%kfp`` in a real shell, with real runs on the local engine."""

from __future__ import annotations

from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

from kfp_jupyter.magics.session import Session
from tests.kubernetes.api import kubeconfig
from tests.magics.conftest import Notebook

ADD = "%%component\ndef add(a: float, b: float = 2) -> float:\n    print('adding')\n    return a + b"
CALC = "%%pipeline\ndef calc(x: float = 1):\n    add(add(x).output)"


def submitted(notebook: Notebook) -> str:
    """Run the pipeline to its end; return the run's id."""
    for cell in (ADD, CALC):
        assert notebook.run(cell).error is None
    ran = notebook.run("%kfp submit calc")
    assert ran.error is None, ran.printed
    return ran.text.split()[-1]


def test_without_words_it_lists_what_the_notebook_has(notebook: Notebook) -> None:
    empty = notebook.run("%kfp").text
    assert "Components none yet" in empty
    run = submitted(notebook)
    text = notebook.run("%kfp").text
    for part in ("add  ", "Calc", "x", run, "Engine local"):
        assert part in text


def test_runs_are_listed_and_can_be_attached_stopped_and_deleted(notebook: Notebook) -> None:
    run = submitted(notebook)
    assert run in notebook.run("%kfp runs").text
    ran = notebook.run(f"%kfp attach {run[:-2]}")
    assert ran.error is None, ran.printed
    assert any("image/svg+xml" in shown for shown in ran.shown)
    assert notebook.run(f"%kfp stop {run}").error is None
    session = Session.of(notebook.shell)
    # What the views show last would be among what the cells below show.
    for view in (session.pipelines["calc"].view, *session._views.values()):
        assert view.wait(60) is not None
    assert notebook.run(f"%kfp delete {run}").error is None
    assert run not in notebook.run("%kfp runs").text


def test_loading_the_extension_again_loses_nothing(notebook: Notebook) -> None:
    run = submitted(notebook)
    notebook.run("%reload_ext kfp_jupyter")
    text = notebook.run("%kfp").text
    assert run in text
    assert "Calc" in text


def test_another_shell_sees_the_runs_of_the_first(notebook: Notebook) -> None:
    run = submitted(notebook)
    InteractiveShell.clear_instance()
    other = Notebook(InteractiveShell.instance())
    assert other.run("%load_ext kfp_jupyter").error is None
    assert "Components none yet" in other.run("%kfp").text
    assert run in other.run("%kfp runs").text
    assert other.run(f"%kfp attach {run}").error is None


def test_unknown_words_name_the_nearest(notebook: Notebook) -> None:
    assert "%kfp runs" in notebook.fails("%kfp rusn")
    assert "'local'" in notebook.fails("%kfp engine lokal")
    assert "%kfp runs" in notebook.fails("%kfp attach")
    assert "nothing-here" in notebook.fails("%kfp attach nothing-here")
    assert "none yet" in notebook.fails("%kfp submit calc")


def test_the_engine_can_be_chosen_with_options(notebook: Notebook) -> None:
    assert "Engine local" in notebook.run("%kfp engine local cache=false").text
    assert "is not a key=value" in notebook.fails("%kfp engine local cache")
    assert "'colour'" in notebook.fails("%kfp engine local colour=blue")
    assert "parallelism=0" in notebook.fails("%kfp engine local parallelism=0")
    assert "cache='maybe'" in notebook.fails("%kfp engine local cache=maybe")


def test_names_of_digits_are_text(notebook: Notebook, tmp_path: Path) -> None:
    file = kubeconfig(tmp_path, "http://127.0.0.1:9")
    file.write_text(file.read_text().replace('"c"', '"1"'))
    chosen = f"%kfp engine argo kubeconfig={file} context=1 namespace=2024 server=http://h server_token=007"
    assert "argo: the namespace 2024 of http://127.0.0.1:9" in notebook.run(chosen).text


def test_view_shows_a_pipelines_view_once_more(notebook: Notebook) -> None:
    notebook.run(ADD)
    first = notebook.run(CALC)

    again = notebook.run("%kfp view calc")

    widget = "application/vnd.jupyter.widget-view+json"
    shown = [data[widget] for ran in (first, again) for data in ran.shown if widget in data]
    assert shown == [shown[0], shown[0]]
    assert "not started" in again.text
    assert "no %%pipeline cell of this notebook defines 'nope'" in notebook.fails("%kfp view nope")
