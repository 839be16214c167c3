"""What goes wrong in a run, as the reader finds it in the view: one sentence, without a click."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable

import pytest

from kfp_jupyter.magics.session import Session
from kfp_jupyter.runs import Phase
from kfp_jupyter.widget.run_view import RunView
from tests.magics.conftest import Notebook

WAIT = 60


@pytest.fixture
def view_of(notebook: Notebook) -> Callable[..., RunView]:
    """Make a component and a pipeline of two cells; return the pipeline's view."""

    def make(component: str, pipeline: str) -> RunView:
        for cell in (f"%%component {component}", f"%%pipeline\n{pipeline}"):
            ran = notebook.run(cell)
            assert ran.error is None, ran.printed
        session = Session.of(notebook.shell)
        (entry,) = session.pipelines.values()
        return entry.view

    return make


def banner(view: RunView) -> str:
    """Return the text of the banner."""
    (widget,) = [child for child in view.children if "kfp-jupyter-banner" in child._dom_classes]
    return html.unescape(re.sub("<[^>]*>", " ", widget.value))


ONE = "def p():\n    step()"

FAILURES = {
    "fails": ("\ndef step():\n    raise ValueError('no rows')", ONE, ["Step", "failed", "ValueError: no rows"]),
    "exit code": ("\nimport sys\ndef step():\n    sys.exit(3)", ONE, ["Step", "exit code 3"]),
    "killed": (
        "\nimport os, signal\ndef step():\n    os.kill(os.getpid(), signal.SIGKILL)",
        ONE,
        ["Step", "SIGKILL", "perhaps out of memory"],
    ),
    "no output": (
        "\ndef step(model_path: OutputPath('Model')):\n    pass",
        ONE,
        ["Step", "wrote nothing to its output 'model'"],
    ),
    "wrong type": (
        "\ndef step() -> float:\n    return 'abc'",
        ONE,
        ["output 'Output' must be of type Float, but the function returned 'abc' of type str"],
    ),
    "10 MB by value": (
        "\ndef step(text: str = '') -> str:\n    return 'x' * 10_000_000",
        "def p():\n    step(step().output)",
        ["step-Output", "10,000,000", "InputPath"],
    ),
    "no such package": (
        "packages=kfp-jupyter-no-such-package\ndef step():\n    pass",
        ONE,
        ["kfp-jupyter-no-such-package", "can't be installed"],
    ),
    "bytes that are no text": (
        "\nimport os\ndef step():\n    os.write(1, b'\\xff\\xfe lost?\\n')\n    raise KeyError('x')",
        ONE,
        ["\ufffd", "lost?", "KeyError"],
    ),
}


@pytest.mark.parametrize(("component", "pipeline", "words"), FAILURES.values(), ids=FAILURES)
def test_the_view_says_why_a_run_failed(
    view_of: Callable[..., RunView], monkeypatch: pytest.MonkeyPatch, component: str, pipeline: str, words: list[str]
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    view = view_of(component, pipeline)
    assert view.submit() is not None
    state = view.wait(WAIT)
    assert state is not None
    assert state.phase in (Phase.FAILED, Phase.ERROR)
    for word in words:
        assert word in banner(view)


def test_a_step_that_hangs_is_stopped_within_two_seconds(view_of: Callable[..., RunView]) -> None:
    view = view_of(
        "\nimport signal, time\ndef step():\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    print('up', flush=True)\n    time.sleep(600)",
        ONE,
    )
    view.submit()
    deadline = time.monotonic() + WAIT
    while not (view.state and any(step.phase is Phase.RUNNING for step in view.state.steps)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    view.stop_run()
    state = view.wait(WAIT)
    assert state is not None
    assert state.finished_at is not None
    (step,) = state.steps
    assert step.message.startswith("workflow shutdown")
    assert "stopped" in banner(view).lower()


@pytest.mark.parametrize(
    "value",
    [
        'it\'s "quoted"',
        "two\nlines\nand a half",  # one newline at the very end of an output is taken off, as Argo does
        "{{workflow.parameters.x}} {{y}} {",
        "$HOME `id` $(id)",
        "ünï 🎉 \u2028",
        "-- -x",
        "",
    ],
)
def test_a_value_arrives_as_it_was_typed(view_of: Callable[..., RunView], value: str) -> None:
    view = view_of(
        "\ndef step(text: str, again: str) -> str:\n    return text + again",
        f"def p(text: str = {value!r}):\n    step(text, {value!r})\n    step(step(text, '').output, '')",
    )
    view.submit()
    state = view.wait(WAIT)
    assert state is not None
    assert state.phase is Phase.SUCCEEDED, banner(view)
    assert {step.outputs.get("step-2-Output") for step in state.steps} == {None, value}


def test_a_parameter_of_10_mb_is_refused_before_the_run(view_of: Callable[..., RunView]) -> None:
    view = view_of("\ndef step(text: str):\n    pass", "def p(text: str = 'x' * 10_000_000):\n    step(text)")
    assert view.submit() is None
    assert "'text'" in banner(view)
    assert "10,000,000" in banner(view)


def test_10_mb_travel_as_a_file(view_of: Callable[..., RunView]) -> None:
    view = view_of(
        "\ndef step(data_path: InputPath(), size: int, copy_path: OutputPath()):\n"
        "    data = open(data_path).read() * size\n    print(len(data))\n    open(copy_path, 'w').write(data)",
        "def p():\n    step(step('x', 10_000_000).outputs['copy'], 1)",
    )
    view.submit()
    state = view.wait(WAIT)
    assert state is not None
    assert state.phase is Phase.SUCCEEDED, banner(view)


def test_a_component_that_changed_since_is_what_the_next_run_runs(
    notebook: Notebook, view_of: Callable[..., RunView]
) -> None:
    view = view_of("\ndef step() -> int:\n    return 1", ONE)
    notebook.run("%%component\ndef step() -> int:\n    raise RuntimeError('second version')")
    view.submit()
    view.wait(WAIT)
    assert "second version" in banner(view)


def test_a_pipeline_that_no_longer_compiles_says_so_in_the_view(
    notebook: Notebook, view_of: Callable[..., RunView]
) -> None:
    view = view_of("\ndef step() -> int:\n    return 1", ONE)
    notebook.run("%%component\ndef step(must: int) -> int:\n    return must")
    assert view.submit() is None
    assert "missing a required argument" in banner(view)
    assert "line 3" in banner(view)


@pytest.mark.parametrize(
    "component",
    [
        "\nimport json\n\ndef step(n: int = 0) -> float:\n    return 1 / n",
        "name=step\nimport json\n\nn = 0\ny = 1 / n",
    ],
)
def test_what_a_step_raises_is_told_with_the_cell_and_its_line(
    notebook: Notebook, view_of: Callable[..., RunView], component: str
) -> None:
    view = view_of(component, ONE)
    view.submit()
    assert view.wait(WAIT) is not None
    told = banner(view)
    assert "ZeroDivisionError: division by zero (exit code 1)" in told
    assert "  cell [2], line 5, in " in told
    assert "1 / n\n" in told
    assert "program.py" not in told
    assert "exit code 1)" in told
    ran = notebook.run("%kfp runs")
    run = re.search(r"p-\w+", ran.text + ran.printed)
    assert run is not None
    printed = notebook.run(f"%kfp logs {run[0]} step").printed
    assert "  cell [2], line 5, in " in printed
    assert "File " not in printed


def test_an_exit_code_of_the_programs_own_is_told_without_words_of_argo(view_of: Callable[..., RunView]) -> None:
    view = view_of("\nimport sys\ndef step():\n    sys.exit(3)", ONE)
    view.submit()
    assert view.wait(WAIT) is not None
    assert "The program ended with exit code 3" in banner(view)
    assert "main" not in banner(view)
