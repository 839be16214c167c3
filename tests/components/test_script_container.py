"""Ready containers: an image, a command, and braces in its words."""

from __future__ import annotations

from typing import Any

import pytest

from kfp_jupyter.components import Component, InputPath
from kfp_jupyter.components.arguments import command_line
from kfp_jupyter.components.container_component import component_from_image
from kfp_jupyter.errors import ComponentError
from tests.components.declarations import declared, params


def ready(words: list[str], inputs: Any = None, outputs: Any = None, args: list[str] | None = None) -> Component:
    return component_from_image(declared(inputs, outputs), words, args or [])


def words_of(component: Component, **arguments: str) -> list[str]:
    line = command_line(component.component_spec, arguments)
    return [*line.command, *line.args]


def test_braces_in_the_command_of_a_ready_container_stand_for_inputs_and_outputs() -> None:
    component = ready(
        ["prog", "--x={x}", "{data}", "${HOME}", "{{x}}", "{print $1}"],
        params(x=float, data=InputPath()),
        params(y=float),
        ["--to", "{y}"],
    )
    assert words_of(component, x="1", data="…") == [
        *("prog", "--x=1", "/tmp/inputs/data/data", "${HOME}", "{x}", "{print $1}"),
        *("--to", "/tmp/outputs/y/data"),
    ]


def test_an_optional_input_that_is_not_given_takes_its_option_along() -> None:
    component = ready(
        ["prog", "-v", "--rate", "{rate}", "--n={n}", "--m", "{m}"],
        params(rate=(float, None), n=(int, None), m=(int, 2)),
    )
    assert words_of(component, m="2") == ["prog", "-v", "--m", "2"]
    assert words_of(component, rate="0.1", n="3", m="4") == ["prog", "-v", "--rate", "0.1", "--n=3", "--m", "4"]


@pytest.mark.parametrize(
    ("words", "inputs", "outputs", "said"),
    [
        (["prog", "{z}"], {"x": str}, {}, ["{z}", "declared: x", "{{z}}"]),
        (["prog"], {"x": str}, {}, ["the input 'x'", "{x}"]),
        (["prog"], {}, {"y": str}, ["the output 'y'", "{y}"]),
        (["prog", "{x}"], {"x": str}, {"x": str}, ["'x' is an input and an output"]),
    ],
)
def test_a_command_that_does_not_fit_its_declarations_is_refused(
    words: list[str], inputs: dict[str, Any], outputs: dict[str, Any], said: list[str]
) -> None:
    with pytest.raises(ComponentError) as error:
        ready(words, params(**inputs), params(**outputs))
    for part in said:
        assert part in str(error.value)
