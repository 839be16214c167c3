"""Making components of functions."""

# Functions as people write them.
# ruff: noqa: ANN001, ANN202, F821

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.components import (
    Component,
    InputArtifact,
    OutputArtifact,
    create_component_from_airflow_op,
    create_component_from_func,
    func_to_component_text,
    func_to_container_op,
    functions,
    load_component_from_file,
    load_component_from_text,
)
from kfp_jupyter.errors import ComponentError
from tests.components.steps import run


def add(a: float, b: float = 2) -> float:
    """Adds two numbers.

    Args:
        a: The first.
    """
    return a + b


MAKERS: list[Any] = [create_component_from_func, func_to_container_op]


@pytest.mark.parametrize("make", MAKERS)
def test_a_function_becomes_a_component_by_call_and_by_decorator(make: Any) -> None:
    called = make(add, base_image="python:3.11", packages_to_install=["x==1"], annotations={"k": "v"})
    decorated = make(base_image="python:3.11", packages_to_install=["x==1"], annotations={"k": "v"})(add)
    bare = make(add)
    assert isinstance(bare, Component)
    assert bare.component_spec.container.image == "python:3.7"
    assert called.component_spec == decorated.component_spec
    assert called.component_spec.container.image == "python:3.11"
    assert called.component_spec.annotations == {"k": "v"}
    assert "install --quiet --no-warn-script-location 'x==1'" in called.component_spec.container.command[2]
    assert called(1, b=5) == 6


def test_positional_arguments_stand_as_in_kfp(tmp_path: Path) -> None:
    first = create_component_from_func(add, tmp_path / "a.yaml", "image:1", ["p"], {"k": "v"})
    second = func_to_container_op(add, tmp_path / "b.yaml", "image:1", "import os", ["p"], None, False, {"k": "v"})
    for component in (first, second):
        assert component.component_spec.container.image == "image:1"
        assert component.component_spec.annotations == {"k": "v"}
    assert "import os" in second.component_spec.container.command[-1]


def test_the_image_may_be_named_by_a_function(monkeypatch: pytest.MonkeyPatch) -> None:
    assert create_component_from_func(add, base_image=lambda: "made:1").component_spec.container.image == "made:1"
    monkeypatch.setattr(functions, "default_base_image_or_builder", lambda: "default:1")
    assert create_component_from_func(add).component_spec.container.image == "default:1"


def test_what_a_decorator_has_noted_on_a_function_counts(tmp_path: Path) -> None:
    def noted() -> None:
        """In its own words."""

    noted.__dict__.update(
        _component_human_name="A name",
        _component_description=" Other words. ",
        _component_base_image="noted:1",
        _component_target_component_file=str(tmp_path / "noted.yaml"),
    )
    spec = func_to_container_op(noted).component_spec
    assert (spec.name, spec.description, spec.container.image) == ("A name", "Other words.", "noted:1")
    assert load_component_from_file(tmp_path / "noted.yaml").component_spec == spec
    assert create_component_from_func(noted, base_image="noted:1").component_spec == spec
    with pytest.raises(ComponentError, match=r"'noted'.*'noted:1'.*'other:1'"):
        create_component_from_func(noted, base_image="other:1")


def uses_helper(x: int) -> int:
    return helper(x) * FACTOR  # type: ignore[name-defined, no-any-return]


def test_extra_code_stands_before_the_function(tmp_path: Path) -> None:
    extra = "FACTOR = 3\n\ndef helper(x):\n    return x + 1"
    component = create_component_from_func(uses_helper, extra_code=extra)
    done = run(component, tmp_path, x="1")
    assert done.code == 0, done.text
    assert done.outputs["Output"].read_text() == "6"


def test_extra_code_may_begin_with_a_future_import(tmp_path: Path) -> None:
    extra = "from __future__ import annotations\nFACTOR = 1\ndef helper(x: Unknown): return x"
    assert run(create_component_from_func(uses_helper, extra_code=extra), tmp_path, x="4").code == 0


def renamed_later() -> str:
    return "ran"


def test_a_function_whose_name_was_changed_still_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renamed_later, "__name__", "Better_XGBoost__name")
    component = create_component_from_func(renamed_later)
    assert component.name == "Better XGBoost name"
    assert run(component, tmp_path).outputs["Output"].read_text() == "ran"


def test_a_written_component_is_the_component_itself(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "deep" / "add.yaml"
    component = create_component_from_func(add, output_component_file=file)
    loaded = load_component_from_file(file)
    assert loaded.component_spec == component.component_spec
    assert loaded.component_spec.to_dict() == component.component_spec.to_dict()
    assert run(component, tmp_path, a="1").outputs["Output"].read_text() == "3.0"
    assert run(loaded, tmp_path, a="2").outputs["Output"].read_text() == "4.0"
    assert load_component_from_text(func_to_component_text(add)).component_spec == component.component_spec


def test_a_file_that_cannot_be_written_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "add.yaml"
    folder.mkdir()
    with pytest.raises(ComponentError, match=r"add\.yaml.*can't be written"):
        create_component_from_func(add, output_component_file=folder)
    with pytest.raises(ComponentError, match="can't be written"):
        create_component_from_func(add, output_component_file="/proc/nothing/add.yaml")
    assert list(tmp_path.iterdir()) == [folder]


def test_a_replaced_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "add.yaml"
    file.write_text("old" * 10_000)
    create_component_from_func(add, output_component_file=file)
    assert load_component_from_file(file).name == "Add"
    assert [path.name for path in tmp_path.iterdir()] == ["add.yaml"]


def hostile(text: str = "tab\there") -> str:
    """Says 'yes': # no {{braces}} ~."""
    return f"{{{{{text}}}}}\tü😀"


def test_text_shows_programs_as_they_are_and_survives(tmp_path: Path) -> None:
    text = func_to_component_text(add)
    assert "\n      def add(a, b = 2):\n" in text
    spec = load_component_from_text(func_to_component_text(hostile)).component_spec
    assert spec == create_component_from_func(hostile).component_spec
    assert run(create_component_from_func(hostile), tmp_path, text="x").outputs["Output"].read_text() == hostile("x")


def odd_default(a: int = 0.5, b: Any = object, c: list = (1, 2)) -> str:  # type: ignore[assignment, type-arg]
    return repr(a)


def test_a_default_without_a_text_is_told_and_stays_with_the_function(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="the step still uses it"):
        component = create_component_from_func(odd_default)
    assert [(i.name, i.default, i.optional) for i in component.component_spec.inputs] == [
        ("a", None, True), ("b", None, True), ("c", "[1, 2]", True),
    ]  # fmt: skip
    assert run(component, tmp_path).outputs["Output"].read_text() == "0.5"


def test_json_of_a_component_is_computed_again_only_after_a_change() -> None:
    component = create_component_from_func(add)
    before = component.spec_json
    assert json.loads(before) == component.component_spec.to_dict()
    assert component.spec_json is before
    component.component_spec.container.image = "other:1"
    assert json.loads(component.spec_json)["implementation"]["container"]["image"] == "other:1"
    assert component.reference_json == "{}"


@pytest.mark.parametrize("annotation", [InputArtifact, OutputArtifact])
def test_what_belongs_to_newer_pipelines_is_refused_by_name(annotation: Any) -> None:
    with pytest.raises(ComponentError, match=f"{annotation.__name__} is supported only by newer"):
        annotation("Model")

    def bare(x): ...  # type: ignore[no-untyped-def]

    bare.__annotations__["x"] = annotation
    with pytest.raises(ComponentError, match="supported only by newer"):
        create_component_from_func(bare)


def test_a_class_is_no_component() -> None:
    class Model:
        def __init__(self, n: int) -> None: ...

    with pytest.raises(ComponentError, match="'Model' is a class"):
        create_component_from_func(Model)


def test_a_decorator_of_another_module_stays_out_of_the_step(tmp_path: Path) -> None:
    @functools.lru_cache
    def twice(n: int) -> int:
        return 2 * n

    component = create_component_from_func(twice)

    assert run(component, tmp_path, n="3").outputs["Output"].read_text() == "6"


def test_operators_of_airflow_are_refused_in_a_sentence() -> None:
    class BashOperator: ...

    with pytest.raises(ComponentError, match="'BashOperator' can't become a component"):
        create_component_from_airflow_op(BashOperator, base_image="x")


INDENTED = """
def make():
    def deco(function): return function
    @deco
    def query(
    table: str,  # a comment at the margin
) -> str:
        width = 2
        return f'''
SELECT *
  FROM {table
}
''' + '''
    a\\
b''' + f'''
{width}''' if table \\
    else ""
    return query

class Maker:
\t@staticmethod
\tdef query(table: str) -> str:
\t\tif table:
\t\t\treturn r'''
\tx''' + table
\t\treturn ""
"""


@pytest.mark.parametrize("where", ["make()", "Maker.query"])
def test_the_text_in_an_indented_function_stays_as_it_is(tmp_path: Path, where: str) -> None:
    file = tmp_path / "indented.py"
    file.write_text(INDENTED)
    names: dict[str, Any] = {}
    exec(compile(file.read_text(), str(file), "exec", dont_inherit=True), names)
    query = eval(where, names)
    done = run(create_component_from_func(query), tmp_path, table="t")
    assert done.code == 0, done.text
    assert done.outputs["Output"].read_text() == query("t")
