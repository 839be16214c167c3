"""``%%pipeline`` over plain statements, in a real shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfp_jupyter.compiler import Compiler
from kfp_jupyter.dsl import Pipeline
from kfp_jupyter.magics.session import Session
from kfp_jupyter.runs import Phase
from tests.magics.conftest import Notebook

ADD = "%%component\ndef add(a: float, b: float = 2) -> float:\n    return a + b"


@pytest.fixture
def components(notebook: Notebook) -> Notebook:
    assert notebook.run(ADD).error is None
    return notebook


def session_of(notebook: Notebook) -> Session:
    return Session.of(notebook.shell)


def compiled(notebook: Notebook, name: str) -> dict[str, dict[str, object]]:
    """The Workflow's templates by name."""
    workflow = Compiler().workflow(notebook.names[name])
    return {template["name"]: template for template in workflow["spec"]["templates"]}


def test_the_statements_are_the_pipeline_and_its_parameters_stand_on_the_magic_line(components: Notebook) -> None:
    ran = components.run(
        '%%pipeline params="a: float = 7, b = 8, tags: list = [1, 2]" name="Twice added" description="adds twice"\n'
        "first = add(a, b)\nadd(first.output)"
    )
    assert ran.error is None, ran.printed
    pipeline = components.names["twice_added"]
    assert isinstance(pipeline, Pipeline)
    assert (pipeline.name, pipeline.description) == ("Twice added", "adds twice")
    assert [(p.name, p.type, p.default) for p in pipeline.parameters()] == [
        ("a", "Float", "7"),
        ("b", None, "8"),
        ("tags", "JsonArray", "[1, 2]"),
    ]
    assert set(compiled(components, "twice_added")) == {"add", "add-2", "twice-added"}


def test_conditions_loops_and_exit_handlers_work_without_an_import(components: Notebook) -> None:
    ran = components.run(
        '%%pipeline params="a: float = 7" name=p\n'
        "last = add(0)\n"
        "with dsl.ExitHandler(last):\n"
        "    first = add(a)\n"
        "    with dsl.Condition(first.output > 10 and first.output < 50):\n"
        "        add(first.output)\n"
        "    with dsl.ParallelFor([1, 2]) as item:\n"
        "        add(item)\n"
    )
    assert ran.error is None, ran.printed
    templates = compiled(components, "p")
    assert {"exit-handler-1", "condition-2", "for-loop-4"} <= set(templates)
    assert "&&" in str(templates["exit-handler-1"])
    assert "dsl" not in components.names


def test_statements_see_the_notebooks_names_and_leave_it_none(components: Notebook) -> None:
    components.run("count = 2")
    ran = components.run(
        "%%pipeline name=p\nimport math\ncount = count + 1\nadd = add(math.floor(count))\nfor n in range(count):\n"
        "    add.after()\n"
    )
    assert ran.error is None, ran.printed
    assert components.names["count"] == 2
    assert callable(components.names["add"])
    assert not {"math", "n"} & set(components.names)


def test_a_name_that_a_later_cell_changes_counts_as_it_is_when_the_pipeline_is_compiled(components: Notebook) -> None:
    components.run("count = 1")
    components.run("%%pipeline name=p\nfor n in range(count):\n    add(n)")
    assert len(compiled(components, "p")) == 2
    components.run("count = 3")
    assert len(compiled(components, "p")) == 4


def test_functions_that_the_statements_use_help_them(components: Notebook) -> None:
    ran = components.run(
        "%%pipeline\n# Many sums\ndef twice(x):\n    return add(add(x).output)\n\ntwice(1)\ntwice(2)\n"
    )
    assert ran.error is None, ran.printed
    assert len(compiled(components, "many_sums")) == 5


@pytest.mark.parametrize(
    "below",
    ["compiler.Compiler().compile(p, 'p.yaml')", "compiler.Compiler().compile(pipeline_func=p, package_path='p.yaml')",
     "print(p)", "p"],
)  # fmt: skip
def test_a_function_that_the_cell_compiles_or_shows_is_the_pipeline(
    components: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    monkeypatch.chdir(tmp_path)
    components.run("from kfp_jupyter import compiler")
    ran = components.run(f"%%pipeline\ndef p(n: float = 3):\n    add(n, 1)\n{below}\n")
    assert ran.error is None, ran.error
    assert [parameter.name for parameter in components.names["p"].parameters()] == ["n"]
    assert (tmp_path / "p.yaml").exists() == ("compile" in below)


def test_a_function_that_no_statement_uses_is_still_the_pipeline(components: Notebook) -> None:
    ran = components.run("%%pipeline\nLIMIT = 3\ndef p(x: float = 1):\n    add(x, LIMIT)")
    assert ran.error is None, ran.printed
    assert [p.name for p in components.names["p"].parameters()] == ["x"]


def test_of_several_functions_the_one_decorated_as_a_pipeline_wins(components: Notebook) -> None:
    components.run("from kfp_jupyter import dsl")
    ran = components.run(
        "%%pipeline\ndef other(x):\n    return add(x)\n\n@dsl.pipeline(name='Mine')\ndef p(x: float = 1):\n    add(x)\n"
    )
    assert ran.error is None, ran.printed
    assert components.names["p"].name == "Mine"


@pytest.mark.parametrize(
    ("line", "cell", "bound", "title"),
    [
        ("name='Breast cancer'", "add(1)", "breast_cancer", "Breast cancer"),
        ("name='Breast cancer' as=bc", "add(1)", "bc", "Breast cancer"),
        ("", "# Add one.\n\nadd(1)", "add_one", "Add one"),
        ("", '"""Add two."""\nadd(2)', "add_two", "Add two"),
        ("", "# noqa\nadd(1)", "pipeline_3", "Pipeline 3"),
        ("", f"# {'a long story ' * 9}\nadd(1)", "pipeline_3", "Pipeline 3"),
        ("", "add(1)", "pipeline_3", "Pipeline 3"),
    ],
)
def test_the_name_comes_from_the_magic_line_the_first_comment_the_docstring_or_the_cells_number(
    components: Notebook, line: str, cell: str, bound: str, title: str
) -> None:
    ran = components.run(f"%%pipeline {line}\n{cell}")
    assert ran.error is None, ran.printed
    assert list(session_of(components).pipelines) == [bound]
    assert components.names[bound].name == title


def test_a_cell_without_a_name_keeps_the_one_it_got_when_it_is_run_again(components: Notebook) -> None:
    for _ in range(2):
        components.run("%%pipeline\nadd(1)", cell_id="c")
    assert list(session_of(components).pipelines) == ["pipeline_3"]


def test_a_pipeline_does_not_take_the_name_of_something_else(components: Notebook) -> None:
    components.run("total = 5")
    for name in ("Add", "total", "list"):
        error = components.fails(f"%%pipeline name={name}\nadd(1)")
        assert f"{name!r} would be bound to {name.lower()}" in error
        assert "as=" in error
    assert components.names["total"] == 5


def test_a_pipeline_of_statements_can_be_submitted(components: Notebook) -> None:
    components.run('%%pipeline params="a: float = 1" name=p\nadd(add(a).output, 3)')
    assert components.run("%kfp submit p").error is None
    state = session_of(components).pipelines["p"].view.wait(60)
    assert state is not None
    assert state.phase is Phase.SUCCEEDED


def test_a_pipeline_of_statements_can_be_part_of_another(components: Notebook) -> None:
    components.run('%%pipeline params="a: float = 1" name=part\nadd(a)')
    ran = components.run("%%pipeline name=whole\npart(2)\npart()")
    assert ran.error is None, ran.printed
    assert len(compiled(components, "whole")) == 3


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ("a: float = , b", ["params='a: float = , b'", "signature", "x: float, n: int = 3"]),
        ("a: flaot = 1", ["the type of 'a'", "'flaot'", "Did you mean float?"]),
        ("a: Recipe", ["the type of 'a'", "'Recipe'", "in quotes"]),
        ("a = nowhere", ["the default of 'a'", "'nowhere'", "Define it first"]),
        ("a = 1 / 0", ["the default of 'a'", "ZeroDivisionError"]),
        ("a: int = 'x'", ["'x'", "Integer"]),
        ("a, a", ["'a' is declared twice"]),
        ("*a", ["* and / are not allowed here"]),
        ("a): add(1)\ndef x(", ["signature"]),
        ("a) -> int: pass\ndef x(b", ["signature"]),
    ],
)
def test_what_is_wrong_with_the_parameters_is_said_at_the_magic_line(
    components: Notebook, params: str, words: list[str]
) -> None:
    line = f'%%pipeline params="{params}"'.replace("\n", " ")
    error = components.fails(f"{line}\nadd(1)")
    assert "cell [3], line 1: " in error
    assert f"1 | {line}" in error
    for word in words:
        assert word in error


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("add()", ["missing a required argument", "'a'"]),
        ("mul(1)", ["'mul' is not defined"]),
        ("{}['mine']", ["KeyError: 'mine'"]),
        ("return add(1)", ["'return' outside function"]),
        ("add(1", ["Syntax error"]),
    ],
)
def test_what_is_wrong_with_a_statement_is_said_at_its_line(
    components: Notebook, statement: str, words: list[str]
) -> None:
    error = components.fails(f"%%pipeline name=p\n\nadd(1)\n{statement}\n")
    assert "line 4: " in error
    assert f"4 | {statement}" in error
    for word in words:
        assert word in error
    assert "p" not in components.names


def test_parameters_and_a_function_are_not_chosen_together(components: Notebook) -> None:
    error = components.fails("%%pipeline params='a: float' function=p\ndef p():\n    add(1)")
    assert "params= makes the whole cell the pipeline" in error


def test_statements_without_tasks_are_no_pipeline(components: Notebook) -> None:
    assert "has no tasks" in components.fails("%%pipeline\nx = 1")


def test_a_compact_pipeline_has_one_template_a_component(components: Notebook) -> None:
    ran = components.run("%%pipeline name=p compact=true\nfor n in range(5):\n    add(n)")
    assert ran.error is None, ran.printed
    workflow = session_of(components).pipelines["p"].compile().workflow
    assert len(workflow["spec"]["templates"]) == 2


def test_a_pipeline_that_no_cluster_could_store_is_made_compact_with_a_note(components: Notebook) -> None:
    ran = components.run("%%pipeline name=p\nfor n in range(600):\n    add(n)")
    assert ran.error is None, ran.printed
    assert "Kubernetes accepts 1.5 MiB at most: it is compiled in the compact form" in ran.text
    assert len(session_of(components).pipelines["p"].compile().workflow["spec"]["templates"]) == 2


def test_the_notebooks_variables_stand_in_values_but_not_in_code(components: Notebook) -> None:
    components.run("title, x, k = 'From a variable', 'wrong', 1")
    ran = components.run('%%pipeline name=$title params=\'a: dict = {"k":5}, b: str = "$x"\'\nadd(1)')
    assert ran.error is None, ran.printed
    assert [p.default for p in components.names["from_a_variable"].parameters()] == ['{"k": 5}', "$x"]
