"""Add-ons of KFP v1 reach into its private modules: what they do there has the effect that it has in KFP v1."""

from __future__ import annotations

import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.errors import CompileError, EngineError, KfpJupyterError
from tests.compat.programs import run_python

pytestmark = pytest.mark.usefixtures("enabled")


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


@logged
def add(a: float, b: float = 2) -> float:
    """Adds."""
    return a + b


def whole_source(func: Callable[..., Any]) -> str:
    """As an add-on takes a function's source: its own decorator stays."""
    lines = textwrap.dedent(inspect.getsource(func)).split("\n")
    return "\n".join(lines[next(n for n, line in enumerate(lines) if line.startswith("@logged")) :])


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """`kfp.components._python_op` with an add-on's functions in it."""
    module = importlib.import_module("kfp.components._python_op")
    monkeypatch.setattr(module, "_get_function_source_definition", whole_source)
    monkeypatch.setattr(module, "strip_type_hints", lambda source: source)
    return module


def test_an_add_on_decides_what_source_of_a_function_travels(patched: Any) -> None:
    spec = patched._func_to_component_spec(
        func=add, extra_code="import collections", base_image="python:3.11", packages_to_install=["wandb"]
    )

    program = spec.container.command[-1]
    assert "import collections\n" in program
    assert "@logged\ndef add(a: float, b: float = 2) -> float:" in program
    assert any("'wandb'" in str(word) for word in spec.container.command)
    make = importlib.import_module("kfp.components._components")._create_task_factory_from_component_spec(spec)
    workflow = Compiler().workflow(dsl.Pipeline(lambda: [make(1.5)], "p"))
    assert [template["name"] for template in workflow["spec"]["templates"]] == ["add", "p"]


def test_without_an_add_on_the_component_is_the_public_one() -> None:
    module = importlib.import_module("kfp.components._python_op")

    own = components.create_component_from_func(add).component_spec

    assert module._func_to_component_spec(add).to_dict() == own.to_dict()
    assert module._extract_component_interface(add).inputs == own.inputs


def test_what_an_add_on_makes_of_the_workflow_is_what_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    compiler = importlib.import_module("kfp.compiler").Compiler
    original = compiler._create_workflow

    def with_priority(self: Any, pipeline_func: Any, *rest: Any) -> dict[str, Any]:
        workflow: dict[str, Any] = original(self, pipeline_func, *rest)
        workflow["spec"]["podPriorityClassName"] = "high"
        return workflow

    monkeypatch.setattr(compiler, "_create_workflow", with_priority)

    compiler().compile(dsl.Pipeline(lambda: [dsl.ContainerOp("c", "i")], "p"), tmp_path / "p.yaml")

    assert "podPriorityClassName: high" in (tmp_path / "p.yaml").read_text()


def test_a_task_has_a_template_by_itself() -> None:
    to_template = importlib.import_module("kfp.compiler._op_to_template")._op_to_template
    bridge = importlib.import_module("kfp.dsl._component_bridge")
    found: list[dict[str, Any]] = []

    def pipeline(a: float = 1) -> None:
        spec = components.create_component_from_func(add).component_spec
        found.append(to_template(bridge._create_container_op_from_component_and_arguments(spec, {"a": a})))

    Compiler().workflow(dsl.Pipeline(pipeline, "p"))

    assert found[0]["name"] == "add"
    assert found[0]["inputs"] == {"parameters": [{"name": "a"}]}
    assert list(found[0]["outputs"]) == ["parameters", "artifacts"]


def test_a_task_that_an_add_on_makes_to_try_modifiers_is_in_no_pipeline() -> None:
    module: Any = importlib.import_module("kfp.dsl._container_op")
    found: list[Any] = []

    def pipeline() -> None:
        original = module._register_op_handler
        module._register_op_handler = lambda _: "scratch"
        found.append(dsl.ContainerOp("name", "image"))
        module._register_op_handler = original
        dsl.ContainerOp("c", "i")

    workflow = Compiler().workflow(dsl.Pipeline(pipeline, "p"))

    assert found[0].name == "scratch"
    assert [template["name"] for template in workflow["spec"]["templates"]] == ["c", "p"]


def test_labels_are_given_to_tasks_that_lack_them() -> None:
    add_labels = importlib.import_module("kfp.compiler._default_transformers").add_pod_labels
    conf = dsl.PipelineConf().add_op_transformer(add_labels({"team": "red", "own": "no"}))

    workflow = Compiler().workflow(
        dsl.Pipeline(lambda: [dsl.ContainerOp("c", "i").add_pod_label("own", "yes")], "p"), pipeline_conf=conf
    )

    labels = workflow["spec"]["templates"][0]["metadata"]["labels"]
    assert (labels["team"], labels["own"]) == ("red", "yes")


def test_a_workflow_of_this_compiler_passes_large_data_already_and_others_are_refused() -> None:
    fix = importlib.import_module("kfp.compiler._data_passing_rewriter").fix_big_data_passing
    workflow = Compiler().workflow(dsl.Pipeline(lambda: [dsl.ContainerOp("c", "i")], "p"))

    assert fix(workflow) == workflow
    with pytest.raises(CompileError, match="that this package has compiled"):
        fix({"metadata": {"labels": {}}})


@pytest.mark.parametrize(
    ("function", "arguments", "result"),
    [
        ("_sanitize_python_function_name", ["1 Train-data"], "n1_train_data"),
        ("_sanitize_kubernetes_resource_name", ["Train  data!"], "train-data"),
        ("_sanitize_file_name", ["a b/c.txt"], "a_b_c.txt"),
        ("_convert_to_human_name", ["train_the-model"], "Train the model"),
        ("_make_name_unique_by_adding_index", ["a", ["a", "a-2"], "-"], "a-3"),
    ],
)
def test_names_are_made_as_in_kfp_v1(function: str, arguments: list[Any], result: str) -> None:
    assert getattr(importlib.import_module("kfp.components._naming"), function)(*arguments) == result


def test_a_table_of_names_keeps_those_that_stay_as_they_are() -> None:
    naming = importlib.import_module("kfp.components._naming")

    table = naming.generate_unique_name_conversion_table(["A b", "a_b", "a b"], naming._sanitize_python_function_name)

    assert table == {"a_b": "a_b", "A b": "a_b_2", "a b": "a_b_3"}


def test_values_are_text_as_in_kfp_v1() -> None:
    passing = importlib.import_module("kfp.components._data_passing")

    assert passing.serialize_value([1, "a"], "JsonArray") == '[1, "a"]'
    assert passing.get_canonical_type_name_for_type(int) == "Integer"
    assert passing.get_canonical_type_name_for_type(Path) is None


def test_a_command_line_is_resolved_with_paths_of_ones_own() -> None:
    resolve = importlib.import_module("kfp.components._components")._resolve_command_line_and_paths
    spec = components.load_component_from_text("""
inputs: [{name: a}, {name: t}]
outputs: [{name: o}]
implementation: {container: {image: i, command: [x, {inputValue: a}, {inputPath: t}, {outputPath: o}]}}
""").component_spec

    line = resolve(spec, {"a": 1, "t": "data"}, lambda name: f"/in/{name}", lambda name: f"/out/{name}")

    assert line.command == ["x", "1", "/in/t", "/out/o"]
    assert (line.input_paths, line.output_paths) == ({"t": "/in/t"}, {"o": "/out/o"})
    assert line.inputs_consumed_by_value == {"a": "1"}


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("import kfp_server_api; kfp_server_api.ApiClient()", 'pip install "kfp-server-api<2"'),
        ("from kfp_server_api.models import ApiRun; ApiRun(name='x')", "kfp_server_api.ApiRun needs the library"),
        ("from kfp._auth import get_auth_token; get_auth_token('a', 'b', 'c')", "Identity-Aware Proxy"),
    ],
)
def test_what_is_there_for_imports_alone_says_so_when_it_is_used(statement: str, sentence: str) -> None:
    with pytest.raises(EngineError, match=sentence.replace("(", r"\(")) as caught:
        exec(statement, {})
    assert isinstance(caught.value, KfpJupyterError)


def test_an_installed_library_is_found_rather_than_its_stand_in(tmp_path: Path) -> None:
    (tmp_path / "kfp_server_api").mkdir()
    (tmp_path / "kfp_server_api" / "__init__.py").write_text("REAL = True\n")

    done = run_python(
        "from kfp_jupyter import compat; compat.enable(); import kfp, kfp_server_api; print(kfp_server_api.REAL)",
        path=tmp_path,
    )

    assert done.stdout == "True\n", done.stderr


def test_a_program_that_asks_whether_the_library_has_a_module_is_told_no() -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("kfp_server_api.Nothing")
    assert not hasattr(importlib.import_module("kfp_server_api"), "nothing")
