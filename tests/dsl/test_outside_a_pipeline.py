"""Tasks made at the top of a module: no pipeline has them, and they stop nothing."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.compiler import Compiler
from kfp_jupyter.errors import PipelineError

MODULE = """
from kfp_jupyter import components, dsl

echo = components.load_component_from_text('''
name: echo
inputs: [{name: text}]
outputs: [{name: out}]
implementation: {container: {image: i, command: [echo, {inputValue: text}, {outputPath: out}]}}
''')
MADE = None

@dsl.pipeline(name="p")
def pipeline():
    dsl.ContainerOp(name="c", image="i")
    echo("x" if MADE is None else MADE)
"""

TASKS = {
    "a container": "dsl.ContainerOp('early', 'i', file_outputs={'out': '/o'}).set_memory_limit('1G').output",
    "a volume": "dsl.VolumeOp(name='early', resource_name='v', size='1Gi').output",
    "a volume that another one mounts": "dsl.ContainerOp('early', 'i', file_outputs={'out': '/o'}, pvolumes={"
    "'/a': dsl.VolumeOp(name='v', resource_name='v', size='1Gi').volume}).output",
    "a resource": "dsl.ResourceOp(name='early', k8s_resource={'kind': 'Pod'}).output",
    "a loaded component": "echo(echo('x').output).output",
}


def run(tmp_path: Path, at_the_top: str) -> dict[str, Any]:
    """Run a module with a line at its top."""
    module = tmp_path / "module.py"
    module.write_text(MODULE.replace("MADE = None", at_the_top))
    return runpy.run_path(str(module))


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
def test_a_task_at_the_top_of_a_module_is_in_no_pipeline_and_told(task: str, tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="outside a pipeline") as warned:
        module = run(tmp_path, f"MADE = None; {task}")
    assert {warning.lineno for warning in warned} == {10}
    assert {warning.filename for warning in warned} == {str(tmp_path / "module.py")}

    workflow = Compiler().workflow(module["pipeline"])

    assert [template["name"] for template in workflow["spec"]["templates"]] == ["c", "echo", "p"]


@pytest.mark.filterwarnings("ignore:.*outside a pipeline:UserWarning")
@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS.keys())
def test_an_output_of_such_a_task_is_refused_where_a_pipeline_takes_it(task: str, tmp_path: Path) -> None:
    module = run(tmp_path, f"MADE = {task}")

    with pytest.raises(PipelineError, match="Make the task inside the pipeline function") as caught:
        Compiler().workflow(module["pipeline"])

    assert caught.value.position is not None
    assert caught.value.position.text.strip() == 'echo("x" if MADE is None else MADE)'


@pytest.mark.filterwarnings("ignore:.*outside a pipeline:UserWarning")
@pytest.mark.parametrize("use", ["echo('x').after(MADE)", "dsl.ExitHandler(MADE)", "dsl.SubGraph(1).after(MADE)"])
def test_such_a_task_is_refused_wherever_a_pipeline_uses_it(use: str, tmp_path: Path) -> None:
    module = run(tmp_path, f"MADE = echo('x')\n\n@dsl.pipeline(name='p')\ndef uses():\n    {use}\n")

    with pytest.raises(PipelineError, match=r"made outside the pipeline.* Make the task inside"):
        Compiler().workflow(module["uses"])


@pytest.mark.filterwarnings("ignore:.*outside a pipeline:UserWarning")
@pytest.mark.parametrize("use", ["set_display_name('x')", "after(None)", "container.set_memory_limit('1G')"])
def test_such_a_task_has_no_settings_and_says_why(use: str, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=r"made outside a pipeline has no '.*Call the component inside") as caught:
        run(tmp_path, f"MADE = echo('x').{use}")

    assert caught.value.position is not None
    assert caught.value.position.line == 10
    assert not hasattr(run(tmp_path, "MADE = echo('x')")["MADE"], "set_display_name")


@pytest.mark.filterwarnings("ignore:.*outside a pipeline:UserWarning")
def test_an_output_of_such_a_task_is_not_taken_for_one_of_a_task_of_that_name(tmp_path: Path) -> None:
    module = run(tmp_path, "MADE = dsl.ContainerOp('c', 'i', file_outputs={'out': '/o'}).output")

    with pytest.raises(PipelineError, match=r"an output of the task 'c \(not in a pipeline\)', which is not in this"):
        Compiler().workflow(module["pipeline"])
