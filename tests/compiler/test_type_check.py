"""`type_check` of `Compiler.compile` holds for that call alone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler


@components.create_component_from_func
def make() -> str:
    return "a"


@components.create_component_from_func
def count(number: int) -> int:
    return number


both = threading.Barrier(2, timeout=60)


def mismatched() -> None:
    both.wait()
    count(make().output)


class AddOn(Compiler):
    """As add-ons of KFP v1 change what is compiled."""

    def _create_workflow(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        both.wait()
        workflow = super()._create_workflow(*args, **kwargs)
        workflow["spec"]["podPriorityClassName"] = "high"
        return workflow


@pytest.mark.filterwarnings("ignore::kfp_jupyter.dsl.PipelineWarning")
def test_two_threads_with_one_compiler_check_types_as_each_has_asked(tmp_path: Path) -> None:
    compiler, pipeline = AddOn(), dsl.Pipeline(mismatched)

    with ThreadPoolExecutor(2) as pool:
        checked = pool.submit(compiler.compile, pipeline, tmp_path / "checked.yaml", type_check=True)
        unchecked = pool.submit(compiler.compile, pipeline, tmp_path / "unchecked.yaml", type_check=False)

    assert isinstance(checked.exception(), dsl.types.InconsistentTypeException)
    assert unchecked.result() is None
    assert "podPriorityClassName: high" in (tmp_path / "unchecked.yaml").read_text()
