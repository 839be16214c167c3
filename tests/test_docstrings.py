"""Public functions describe their arguments, public classes show an example, and copied rules name their source."""

from __future__ import annotations

import ast
import inspect
import io
import re
import textwrap
import tokenize
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.dsl.tracing import required_trace

PACKAGE = Path(dsl.__file__).parent.parent

SOURCE = re.compile(
    r"https?://[\w.-]+/\S|\bRFC \d+|[\w-]+/[\w/-]+\.(?:py|go|ts|tsx)\b[^.]*? of [A-Za-z][\w ./-]* v?\d+\.\d+", re.DOTALL
)
"""A link, an RFC, or a file of a project at a version: ``kfp/gcp.py`` of kfp 1.8.24."""

USED_BY_OTHER_NAMES = {"BaseOp", "Container", "OpsGroup", "PipelineParam", "Component"}
"""Classes that authors get from functions and methods rather than make."""

COPIES = re.compile(
    r"\b[Aa]s (?:it is |they are )?(?:in |of |with )?(?:KFP|kfp(?!`)|Argo|Kubernetes|kubectl|IPython|Jupyter)\b"
)
"""How a docstring or comment says that the code follows a rule of another project."""


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE)
        if "labextension" not in name.parts:
            yield name.as_posix(), path


def functions(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the public functions and methods of a module, with their names."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from functions(node.body, f"{node.name}.")
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield f"{prefix}{node.name}", node


def arguments(function: ast.FunctionDef) -> list[str]:
    """Return the names of a function's arguments; those it ignores begin with an underscore and don't count."""
    args = function.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    names = [argument.arg for argument in every if argument]
    return [name for name in names if name not in ("self", "cls") and not name.startswith("_")]


def is_overload(function: ast.FunctionDef) -> bool:
    return any("overload" in ast.unparse(decorator) for decorator in function.decorator_list)


def lacking(name: str, tree: ast.Module) -> Iterator[str]:
    """Yield the functions whose docstrings neither describe the arguments nor say where they are described."""
    for called, function in functions(tree.body):
        doc = ast.get_docstring(function) or ""
        described = re.search(r"^Args:$", doc, re.MULTILINE) or re.search(r"[Ss]ee `[\w.]+`", doc)
        if len(arguments(function)) > 1 and not described and not is_overload(function):
            yield f"{name}:{function.lineno} {called}"


def prose(text: str) -> str:
    """Return the docstrings and comments of a module."""
    tree = ast.parse(text)
    docs = [
        node.value.value
        for outer in ast.walk(tree)
        if isinstance(outer, (ast.Module, ast.ClassDef, ast.FunctionDef))
        for node in outer.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join([*docs, *(token.string for token in tokens if token.type == tokenize.COMMENT)])


def test_public_functions_with_several_arguments_describe_them() -> None:
    assert [line for name, path in modules() for line in lacking(name, ast.parse(path.read_text()))] == []


def test_rules_of_other_projects_name_their_source() -> None:
    copying = {name: prose(path.read_text()) for name, path in modules()}
    assert [name for name, text in copying.items() if COPIES.search(text) and not SOURCE.search(text)] == []


@pytest.mark.parametrize(
    ("text", "is_source"),
    [
        ("Source: ``kfp/gcp.py`` of kfp 1.8.24.", True),
        ("From ``Workflow.NodeID`` in ``pkg/apis/workflow_types.go`` of Argo Workflows 3.7.4.", True),
        ("See https://yaml.org/type/bool.html.", True),
        ("Source: ``kfp/gcp.py``.", False),
        ("As in kfp 1.8.24.", False),
    ],
)
def test_a_source_is_a_link_or_a_file_at_a_version(text: str, is_source: bool) -> None:
    assert bool(SOURCE.search(text)) == is_source


PUBLIC_CLASSES = [
    thing
    for module in (dsl, components)
    for thing in (getattr(module, name) for name in module.__all__)
    if isinstance(thing, type)
]

ECHO = """
name: {name}
inputs: [{{name: what, optional: true}}]
outputs: [{{name: model}}, {{name: accuracy, type: Float}}]
implementation:
  container:
    image: alpine:3.19
    command: [echo, {{if: {{cond: {{isPresent: what}}, then: {{inputValue: what}}}}}}]
    fileOutputs: {{model: /tmp/model, accuracy: /tmp/accuracy}}
"""


@pytest.mark.parametrize("thing", PUBLIC_CLASSES, ids=lambda thing: thing.__name__)
def test_public_classes_show_an_example_that_runs(thing: type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "components" / "team" / "train"
    place.mkdir(parents=True)
    (place / "component.yaml").write_text(ECHO.format(name="train"))
    monkeypatch.chdir(tmp_path)
    example = inspect.getdoc(thing).partition("\nExample:\n")[2]  # type: ignore[union-attr]  # a test above
    code = textwrap.dedent(example)
    assert re.search(rf"\b{thing.__name__}\b", code) or thing.__name__ in USED_BY_OTHER_NAMES
    names = {name: components.load_component_from_text(ECHO.format(name=name)) for name in ("train", "deploy")}
    names |= {name: one_output(name) for name in ("prepare", "clean_up")}
    known = {"components": components, "dsl": dsl, "Compiler": Compiler, "Path": Path, "warnings": warnings, **names}

    def pipeline() -> None:
        exec(code, known)
        if not required_trace("an example").ops:
            names["train"]()

    with warnings.catch_warnings():
        Compiler().workflow(dsl.Pipeline(pipeline))


def one_output(name: str) -> components.Component:
    text = ECHO.format(name=name).replace("{name: model}, ", "").replace("model: /tmp/model, ", "")
    return components.load_component_from_text(text.replace("type: Float", "type: String"))
