"""Every golden pipeline is compiled and read back: names, groups, conditions, inputs and outputs are its graph's."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

from kfp_jupyter.compiler import Compiler
from kfp_jupyter.compiler.compiler import Compiled
from kfp_jupyter.dsl.conditions import Comparison
from kfp_jupyter.dsl.graph import Group, PipelineGraph
from kfp_jupyter.naming import parameter_name
from kfp_jupyter.workflow.graph_reader import step_graph
from kfp_jupyter.workflow.specs import component_arguments, component_spec, pipeline_spec
from kfp_jupyter.workflow.step_graph import ON_EXIT, StepGraph
from kfp_jupyter.workflow.step_io import inputs_of, outputs_of
from kfp_jupyter.workflow.templates import templates_of
from kfp_jupyter.workflow.titles import GroupKind, pipeline_name

GOLDEN = Path(__file__).parents[1] / "golden"
SOURCES = sorted(GOLDEN.rglob("*.py"))
KINDS: dict[str, GroupKind] = {
    "condition": "condition", "for_loop": "loop", "exit_handler": "exit", "graph": "graph", "subgraph": "group",
}  # fmt: skip


@pytest.fixture(params=SOURCES, ids=lambda path: str(path.relative_to(GOLDEN).with_suffix("")))
def compiled(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Compiled:
    source: Path = request.param
    monkeypatch.chdir(source.parent)
    names = runpy.run_path(str(source))
    return Compiler().compiled(names["pipeline"], pipeline_conf=names.get("conf"))


def exit_task(graph: PipelineGraph) -> str:
    return next((group.exit_task for group in graph.root.walk() if group.exit_task), "")


def groups_by_path(group: Group, path: str = "") -> Iterator[tuple[str, Group]]:
    for inner in group.groups:
        below = f"{path}.{inner.name}" if path else inner.name
        yield below, inner
        if inner.recursion is None:
            yield from groups_by_path(inner, below)


def tasks_by_path(graph: PipelineGraph) -> set[str]:
    """Paths of tasks, and of the places where a group runs itself again, which are drawn as steps."""
    groups = dict(groups_by_path(graph.root))
    found = {name for name in graph.root.tasks if name != exit_task(graph)}
    for path, group in groups.items():
        found |= {path} if group.recursion is not None else {f"{path}.{name}" for name in group.tasks}
    return found | ({ON_EXIT} if exit_task(graph) else set())


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_is_read_is_what_was_compiled(compiled: Compiled) -> None:
    graph, workflow = compiled.graph, compiled.workflow
    read = step_graph(workflow)

    assert pipeline_name(workflow) == graph.name
    assert [item.name for item in pipeline_spec(workflow).inputs] == [parameter.name for parameter in graph.parameters]
    assert {node.path for node in read.nodes} == tasks_by_path(graph)
    groups = {path: group for path, group in groups_by_path(graph.root) if group.recursion is None}
    assert {group.path: group.kind for group in read.groups} == {path: KINDS[g.kind] for path, g in groups.items()}
    check_conditions_and_loops(read, groups)
    check_inputs_and_outputs(compiled)


def check_conditions_and_loops(read: StepGraph, groups: dict[str, Group]) -> None:
    for path, group in groups.items():
        item = read.item(path)
        assert item is not None
        assert bool(item.test) == (group.condition is not None)
        assert bool(item.loop) == (group.loop is not None)
        if isinstance(group.condition, Comparison):
            for operand in (group.condition.operand1, group.condition.operand2):
                assert parameter_name(in_words(operand)) in parameter_name(item.test)


def in_words(operand: object) -> str:
    """An operand of a condition as people read it; the item of a loop has no name, but its fields have."""
    name = str(getattr(operand, "name", operand))
    _, is_field, field = name.partition("-subvar-")
    return field if is_field else "item" if "loop-item" in name else name


def check_inputs_and_outputs(compiled: Compiled) -> None:
    templates = templates_of(compiled.workflow)
    for name, task in compiled.graph.tasks.items():
        template = templates[name]
        values = {parameter.name: "v" for parameter in template.outputs.parameters}
        files = [artifact.name for artifact in template.outputs.artifacts if artifact.name not in task.shown_outputs]
        made = {output for output, _ in outputs_of(template, values, files, task.shown_outputs)}
        assert made <= {parameter_name(output) for output in task.outputs}
        if task.component is None:
            continue
        assert component_spec(template).name == (task.component.spec.name or "")
        assert component_arguments(template) is not None
        given = {parameter.name: f"<{parameter.name}>" for parameter in template.inputs.parameters}
        taken = {key for key, value in inputs_of(template, given, [a.name for a in template.inputs.artifacts]) if value}
        assert taken == {key for key, value in task.component.arguments.items() if value}
