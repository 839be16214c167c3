"""The compact form runs as the other does."""

from __future__ import annotations

import pytest

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler
from tests.engines.conftest import Runs


def write(text: str, data_path: components.OutputPath("Text")) -> int:  # type: ignore[valid-type]
    with open(data_path, "w") as file:
        file.write(text)
    return len(text)


def read(data_path: components.InputPath("Text"), label: str = "") -> str:  # type: ignore[valid-type]
    with open(data_path) as file:
        return label + file.read()


write_op = components.create_component_from_func(write)
read_op = components.create_component_from_func(read)


@dsl.pipeline(name="letters")
def letters(text: str = "abc") -> None:
    first = write_op(text)
    second = write_op(f"{text}{text}")
    read_op(first.outputs["data"], label=f"{second.outputs['Output']}: ")
    read_op("as it stands")


@pytest.mark.parametrize(("compact", "prefix"), [(False, "read-"), (True, "")])
def test_values_files_and_text_reach_the_steps(runs: Runs, compact: bool, prefix: str) -> None:
    run = runs.start(Compiler(compact=compact).workflow(letters), text="xy")
    nodes = runs.finish(run).by_path()

    assert runs.engine.read_artifact(run, nodes["read"].id, f"{prefix}Output") == b"4: xy"
    second = prefix.replace("read", "read-2")
    assert runs.engine.read_artifact(run, nodes["read-2"].id, f"{second}Output") == b"as it stands"
