"""What the compiler remarks, as a note under the pipeline's cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfp_jupyter.magics.session import Session
from tests.magics.conftest import Notebook
from tests.widget.inert import dangers

ADD = "%%component\ndef add(a: float, b: float = 2) -> float:\n    return a + b"
INSIDE = """%%pipeline name=p params="x: float = 1"
with dsl.Condition(x > 3):
    inner = add(x)

add(inner.output)"""


@pytest.fixture
def components(notebook: Notebook) -> Notebook:
    assert notebook.run(ADD).error is None
    return notebook


def notes(ran_text: str) -> list[str]:
    return [line for line in ran_text.splitlines() if line.startswith("Note: ")]


def test_a_note_has_the_line_of_the_cell_and_no_path_of_ours(components: Notebook) -> None:
    ran = components.run(INSIDE)
    (note,) = notes(ran.text)
    assert note.startswith("Note: cell [3], line 5: ")
    assert "outside the condition that produces it" in note
    assert "5 | add(inner.output)" in ran.text
    assert "Warning" not in ran.printed + ran.text
    assert ".py" not in ran.printed


def test_a_note_is_shown_once_though_the_pipeline_is_compiled_several_times(
    components: Notebook, tmp_path: Path
) -> None:
    ran = components.run(f"%%pipeline output={tmp_path / 'p.yaml'} name=p params='unused: int = 1'\nadd(1)")
    assert len(notes(ran.text)) == 1
    for line in ("%kfp compile p " + str(tmp_path / "p.zip"), "%kfp submit p"):
        again = components.run(line)
        assert again.error is None, again.printed
        assert notes(again.text) == []


def test_a_later_compilation_brings_the_notes_up_to_date(components: Notebook) -> None:
    components.run("use = True")
    ran = components.run("%%pipeline name=p params='x: float = 1'\nadd(x if use else 1)")
    assert notes(ran.text) == []
    components.run("use = False")
    assert len(notes(components.run("%kfp submit p").text)) == 1
    Session.of(components.shell).pipelines["p"].view.wait(60)
    assert notes(components.run("%kfp submit p").text) == []


def test_other_warnings_go_where_they_went(components: Notebook) -> None:
    with pytest.warns(DeprecationWarning, match="mine"):
        components.run("%%pipeline name=p\nimport warnings\nwarnings.warn('mine', DeprecationWarning)\nadd(1)")


def test_notes_hold_nothing_that_a_browser_would_run(components: Notebook) -> None:
    ran = components.run("%%pipeline name=p params='x: float = 1'\nadd(1)  # <script>alert(1)</script>")
    html = "".join(shown.get("text/html", "") for shown in ran.shown)
    assert "Nothing in the pipeline uses its parameter" in html
    assert dangers(html) == []


DECORATED = """%%pipeline
from kfp_jupyter import dsl
@dsl.pipeline(name='p')
def p(
    x: float = 1,
    tag: str = 'a',
):
    add(x)"""


@pytest.mark.parametrize(
    ("cell", "line", "source"),
    [
        (DECORATED, 6, "    tag: str = 'a',"),
        ("%%pipeline\ndef p(x: float, tag: str): add(x)", 2, "def p(x: float, tag: str): add(x)"),
        ("%%pipeline name=p params='x = 1, tag = 2'\ndef twice(tag): return add(tag)\ntwice(x)", 1, None),
    ],
)  # fmt: skip
def test_a_note_on_an_unused_parameter_has_the_parameters_line(
    components: Notebook, cell: str, line: int, source: str | None
) -> None:
    ran = components.run(cell)
    (note,) = notes(ran.text)
    assert note == f"Note: cell [3], line {line}: Nothing in the pipeline uses its parameter 'tag'."
    if source:
        assert f"{line} | {source}" in ran.text
