"""Pipelines made of what can be called like a function, and what their texts become."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter import components, dsl
from kfp_jupyter.compiler import Compiler
from kfp_jupyter.errors import ComponentError, PipelineError


def base(a: str = "x", b: str = "2") -> None:
    dsl.ContainerOp(name="c", image="i", arguments=[a, b])


def passing_on(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


class Flow:
    suffix = "!"
    name = "the object's own"
    graph = "the same"

    def method(self, a: str = "x") -> None:
        base(a, self.suffix)

    @dsl.pipeline(name="decorated")
    def decorated(self, a: str = "x") -> None:
        base(a, self.suffix)

    @classmethod
    @dsl.pipeline(name="of the class")
    def of_class(cls, a: str = "x") -> None:
        base(a, cls.suffix)

    @staticmethod
    @dsl.pipeline(name="static")
    def static(a: str = "x") -> None:
        base(a, "!")

    def __call__(self, a: str = "x") -> None:
        with dsl.Condition(a > "1" and a < "5"):
            base(a, self.suffix)


def both(a: str = "x") -> None:
    with dsl.Condition(a > "1" and a < "5"):
        base(a)


@dsl.pipeline(name="inner")
def inner(a: str = "x", b: str = "y") -> None:
    base(a, b)


CALLABLES = {
    "a partial with a keyword": (functools.partial(base, b="7"), "Base", {"a": "x", "b": "7"}),
    "a partial with a position": (functools.partial(base, "q"), "Base", {"b": "2"}),
    "a partial of a pipeline": (functools.partial(inner, b="7"), "inner", {"a": "x", "b": "7"}),
    "a method": (Flow().method, "Method", {"a": "x"}),
    "a decorated method": (Flow().decorated, "decorated", {"a": "x"}),
    "a decorated class method": (Flow.of_class, "of the class", {"a": "x"}),
    "a decorated static method": (Flow.static, "static", {"a": "x"}),
    "an object": (Flow(), "Flow", {"a": "x"}),
    "a lambda": (lambda a="1": base(a), "<lambda>", {"a": "1"}),
    "a function in a decorator": (passing_on(passing_on(base)), "Base", {"a": "x", "b": "2"}),
}


@pytest.mark.parametrize(("thing", "name", "parameters"), CALLABLES.values(), ids=CALLABLES.keys())
def test_a_pipeline_is_made_of_anything_that_can_be_called(
    thing: Callable[..., Any], name: str, parameters: dict[str, str]
) -> None:
    workflow = Compiler().workflow(thing)

    assert spec_of(workflow)["name"] == name
    assert {p["name"]: p["value"] for p in workflow["spec"]["arguments"]["parameters"]} == parameters
    assert "c" in [template["name"] for template in workflow["spec"]["templates"]]


@pytest.mark.parametrize(
    "thing",
    [both, passing_on(both), functools.partial(both), Flow()],
    ids=["a function", "in a decorator", "a partial", "an object"],
)
def test_and_between_comparisons_means_what_it_says_in_all_of_them(thing: Callable[..., Any]) -> None:
    workflow = Compiler().workflow(dsl.pipeline(name="p")(thing))

    tasks = [task for template in workflow["spec"]["templates"] for task in template.get("dag", {}).get("tasks", ())]
    assert [task["when"] for task in tasks if "when" in task] == [
        "{{inputs.parameters.a}} > 1 && {{inputs.parameters.a}} < 5"
    ]


def test_a_decorator_over_a_pipeline_leaves_it_what_it_says_of_itself() -> None:
    made = dsl.pipeline(name="Nightly", description="Of the night.", pipeline_root="s3://b")(base)

    spec = spec_of(Compiler().workflow(passing_on(passing_on(made))))

    assert (spec["name"], spec["description"]) == ("Nightly", "Of the night.")
    assert [p["name"] for p in spec["inputs"]] == ["a", "b", "pipeline-root"]


@pytest.mark.filterwarnings("error")
def test_a_function_whose_call_runs_nothing_of_it_is_told() -> None:
    async def later(a: str = "x") -> None:
        base(a)

    def lazy(a: str = "x") -> Iterator[None]:
        base(a)
        yield

    for function, word in ((later, "is async"), (lazy, "is a generator")):
        with pytest.raises(PipelineError, match=word) as caught:
            Compiler().workflow(dsl.pipeline(name="p")(function))
        assert caught.value.position is not None


def test_arguments_that_are_given_by_position_alone_are_parameters() -> None:
    def pipeline(a: int, /, b: str = "x", *, c: int = 3) -> None:
        base(a, b)  # type: ignore[arg-type]
        base(c)  # type: ignore[arg-type]

    workflow = Compiler().workflow(pipeline)

    assert [p["name"] for p in workflow["spec"]["arguments"]["parameters"]] == ["a", "b", "c"]


def test_a_decorator_that_hides_the_arguments_is_told_how_to_show_them() -> None:
    def hiding(*args: Any, **kwargs: Any) -> None:
        base(*args, **kwargs)

    with pytest.raises(PipelineError, match=r"'\*args' of the pipeline 'Hiding'.*functools\.wraps"):
        Compiler().workflow(hiding)


def test_what_raises_in_an_object_is_said_at_its_line() -> None:
    class Broken:
        def __call__(self) -> None:
            raise KeyError("nowhere")

    with pytest.raises(PipelineError, match="raised KeyError: 'nowhere'") as caught:
        Compiler().workflow(Broken())
    assert caught.value.position is not None
    assert caught.value.position.file == __file__


def test_a_method_is_no_component() -> None:
    with pytest.raises(ComponentError, match=r"'method' is a method.*Make the component from a function"):
        components.create_component_from_func(Flow().method)


def test_a_package_is_compiled_of_a_partial(tmp_path: Path) -> None:
    made = dsl.pipeline(name="p")(functools.partial(base, b="7"))

    Compiler().compile(made, tmp_path / "p.yaml")

    assert (tmp_path / "p.yaml").exists()


def spec_of(workflow: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(workflow["metadata"]["annotations"]["pipelines.kubeflow.org/pipeline_spec"])
    return spec
