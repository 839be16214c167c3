"""Graph components that use each other multiply: what would never end is refused in one sentence, at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kfp_jupyter import dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.components import (
    ComponentStore,
    create_graph_component_from_pipeline_func,
    load_component_from_file,
    load_component_from_spec,
    load_component_from_text,
)
from kfp_jupyter.components.structures import (
    ComponentReference,
    ComponentSpec,
    GraphImplementation,
    GraphSpec,
    TaskSpec,
)
from kfp_jupyter.errors import CompileError, ComponentError
from tests.components.conftest import Site

LEAF = "{name: leaf, implementation: {container: {image: alpine, command: [echo, '%s']}}}"


def graph(name: str, url: object, times: int = 10) -> str:
    """Return a graph that uses what is at an address several times."""
    tasks = ", ".join(f"t{number}: {{componentRef: {{url: '{url}'}}}}" for number in range(times))
    return f"{{name: {name}, implementation: {{graph: {{tasks: {{{tasks}}}}}}}}}"


def chain(folder: Path, length: int, times: int = 10, word: str = "x") -> Path:
    """Write graphs that use each other and a container at the end; return the outermost."""
    (folder / "0.yaml").write_text(LEAF % word)
    for level in range(1, length + 1):
        (folder / f"{level}.yaml").write_text(graph(f"level {level}", folder / f"{level - 1}.yaml", times))
    return folder / f"{length}.yaml"


def compiled(path: Path, *, compact: bool = True) -> list[str]:
    """Return the names of the templates of a pipeline that calls a component once."""
    component = load_component_from_file(path)
    workflow = Compiler(compact=compact).workflow(dsl.Pipeline(lambda: component() and None, "p"))
    return [template["name"] for template in workflow["spec"]["templates"]]


def test_graphs_that_multiply_are_refused_where_they_become_too_many(tmp_path: Path) -> None:
    with pytest.raises(ComponentError) as caught:
        compiled(chain(tmp_path, 30))

    assert caught.value.message == (
        f"The graph component 'level 5' of {tmp_path / '5.yaml'} expands to 100,000 tasks, but the limit is 10,000."
    )
    assert caught.value.remedy
    assert caught.value.position is not None
    assert caught.value.position.file == __file__


def test_a_graph_may_stand_for_ten_thousand_tasks(tmp_path: Path) -> None:
    component = load_component_from_file(chain(tmp_path, 4))
    assert len(dsl.Pipeline(lambda: component() and None).graph().tasks) == 10_000


def test_graphs_without_tasks_multiply_too(tmp_path: Path) -> None:
    outermost = chain(tmp_path, 30)
    (tmp_path / "0.yaml").write_text("{name: none, implementation: {graph: {tasks: {}}}}")
    with pytest.raises(ComponentError, match="100,000 tasks"):
        compiled(outermost)


def test_a_graph_of_too_many_tasks_is_refused_without_a_look_for_their_components() -> None:
    component = load_component_from_text(graph("wide", "/nowhere.yaml", 10_001))
    with pytest.raises(ComponentError, match=r"'wide' expands to 10,001 tasks"):
        dsl.Pipeline(lambda: component() and None).graph()


def test_graphs_at_addresses_are_fetched_once_each(site: Site) -> None:
    site.pages["/0.yaml"] = (LEAF % "x").encode()
    for level in range(1, 4):
        site.pages[f"/{level}.yaml"] = graph("g", f"{site.url}/{level - 1}.yaml").encode()
    component = load_component_from_text(graph("outer", f"{site.url}/3.yaml", 1))

    assert len(dsl.Pipeline(lambda: component() and None).graph().tasks) == 1000
    assert sorted(site.asked) == [f"/{level}.yaml" for level in range(4)]


def test_graphs_made_of_functions_are_counted_too(tmp_path: Path) -> None:
    inner = load_component_from_file(chain(tmp_path, 4))

    def twice() -> None:
        inner()
        inner()

    component = create_graph_component_from_pipeline_func(twice, embed_component_specs=True)
    with pytest.raises(ComponentError, match=r"'Twice' expands to 20,000 tasks"):
        dsl.Pipeline(lambda: component() and None).graph()


def test_graphs_may_be_inside_each_other_fifty_deep_and_no_deeper(tmp_path: Path) -> None:
    outermost = chain(tmp_path, 60, times=1)
    assert compiled(tmp_path / "50.yaml") == ["leaf", "p"]
    with pytest.raises(ComponentError, match=r"'level 10' of .*10\.yaml is nested more than 50 levels deep"):
        compiled(outermost)


def test_a_graph_that_holds_itself_in_python_is_refused() -> None:
    leaf = ComponentReference(url="/nowhere.yaml")
    spec = ComponentSpec("loop", implementation=GraphImplementation(GraphSpec({"t": TaskSpec(leaf)})))
    leaf.spec = spec
    component = load_component_from_spec(spec)
    with pytest.raises(ComponentError, match="'loop' contains itself"):
        dsl.Pipeline(lambda: component() and None).graph()


def test_a_graph_that_holds_itself_under_two_names_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "{name: g, implementation: {graph: {tasks: {again: {componentRef: {name: two}}}}}}"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "component.yaml").write_text(text)
    monkeypatch.setattr(ComponentStore, "default_store", store := ComponentStore([tmp_path]))
    component = store.load_component("one")
    with pytest.raises(ComponentError, match=r"'g' contains itself.* refers to two again"):
        dsl.Pipeline(lambda: component() and None).graph()


def test_long_texts_in_many_tasks_are_refused_before_they_are_written(tmp_path: Path) -> None:
    outermost = chain(tmp_path, 3, word="x" * 100_000)
    with pytest.raises(CompileError, match=r"larger than 64 MiB, but Kubernetes accepts 1\.5 MiB.*compact"):
        compiled(outermost, compact=False)
    assert compiled(outermost) == ["leaf", "p"]
