"""A pipeline takes no more room than kfp 1.8.24 makes of it: clusters store it as JSON, people as YAML."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.compiler import Compiler
from kfp_jupyter.compiler.yaml_writer import to_yaml
from kfp_jupyter.workflow.dialect import sdk_version
from tests.compiler.test_golden import GOLDEN, SOURCES, load
from tests.oracle import KFP, Kfp


def sizes(text: str) -> dict[str, int]:
    """Return the bytes of a Workflow as YAML and as JSON; what the two SDKs are called doesn't count."""
    text = text.replace(sdk_version(), KFP)
    return {"YAML": len(text.encode()), "JSON": len(json.dumps(load(text), ensure_ascii=False).encode())}


def compiled(source: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(source.parent)
    names = runpy.run_path(str(source))
    return to_yaml(Compiler().workflow(names["pipeline"], pipeline_conf=names.get("conf")))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_all_golden_pipelines_together_are_smaller_than_those_of_kfp(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = {"YAML": 0, "JSON": 0}, {"YAML": 0, "JSON": 0}
    for source in SOURCES:
        golden = sizes(source.with_suffix(".yaml").read_text(encoding="utf-8"))
        for form, size in sizes(compiled(source, monkeypatch)).items():
            ours[form] += size
            theirs[form] += golden[form]
            # What kfp does in fewest words, a step without inputs or outputs, has little room for better messages.
            assert size < golden[form] * 1.2, (form, source.relative_to(GOLDEN))
    assert ours["YAML"] < theirs["YAML"] * 0.95
    assert ours["JSON"] < theirs["JSON"] * 0.95


PROGRAM = """\
from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath, OutputPath
from typing import NamedTuple

{function}

op = components.create_component_from_func(task)

@dsl.pipeline(name="small")
def pipeline({parameters}):
    op({arguments})
"""
SMALL = {
    "float": ("def task(a: float, b: float) -> float:\n    return a + b", "a=1.0, b=2.0"),
    "int": ("def task(a: int) -> int:\n    return a", "a=1"),
    "text": ("def task(a: str, b: str) -> str:\n    return a + b", "a='x', b='y'"),
    "boolean": ("def task(a: bool) -> bool:\n    return not a", "a=True"),
    "list": ("def task(a: int) -> list:\n    return [a]", "a=1"),
    "dict": ("def task(a: dict) -> dict:\n    return a", "a={'x': 1}"),
    "any": ("def task(a) -> 'Model':\n    return a", "a='x'"),
    "texts without output": ("def task(a: str, b: str, c: str):\n    print(a, b, c)", "a='x', b='y', c='z'"),
    "numbers without output": ("def task(a: float, b: float, c: float, d: float):\n    pass", "a=1, b=1, c=1, d=1"),
    "several outputs": (
        "def task(a: int) -> NamedTuple('O', [('first', int), ('second', str)]):\n    return a, str(a)", "a=1",
    ),
    "with an import": ("def task(a: float) -> float:\n    import math\n    return math.sqrt(a)", "a=1.0"),
    "default": ("def task(a: int = 3) -> str:\n    return str(a)", ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", SMALL)
def test_a_small_task_is_no_larger_than_that_of_kfp(kind: str, kfp: Kfp, tmp_path: Path) -> None:
    function, parameters = SMALL[kind]
    names = [part.partition("=")[0] for part in parameters.split(", ") if part]
    source = tmp_path / "small.py"
    source.write_text(
        PROGRAM.format(
            function=function, parameters=parameters, arguments=", ".join(f"{name}={name}" for name in names)
        )
    )
    pipeline: Any = runpy.run_path(str(source))["pipeline"]
    ours, theirs = sizes(to_yaml(Compiler().workflow(pipeline))), sizes(kfp.package(source))
    assert (ours["YAML"] <= theirs["YAML"], ours["JSON"] <= theirs["JSON"]) == (True, True), (ours, theirs)
