"""Files that the user interface shows: metrics and views, named in every way that counts."""

from typing import NamedTuple

from kfp_jupyter import components, dsl
from kfp_jupyter.components import OutputPath


def evaluate(
    model: str, mlpipeline_metrics_path: OutputPath("Metrics"), mlpipeline_ui_metadata_path: OutputPath("UI_metadata")
) -> float:
    return 0.5


def compare(a: float, b: float) -> NamedTuple("Outputs", [("winner", str), ("mlpipeline_metrics", "Metrics")]):
    return "a", "{}"


evaluate_op = components.create_component_from_func(evaluate)
compare_op = components.create_component_from_func(compare)
draw_op = components.load_component_from_text(
    """
name: Draw
inputs: [{name: winner}]
outputs:
- {name: MLPipeline UI metadata}
- {name: picture}
implementation:
  container:
    image: plots/draw:1
    command: [draw, {inputValue: winner}, {outputPath: MLPipeline UI metadata}, {outputPath: picture}]
"""
)


@dsl.pipeline(name="Show")
def pipeline():
    first = evaluate_op("first")
    second = evaluate_op("second")
    compared = compare_op(first.outputs["Output"], second.outputs["Output"])
    drawn = draw_op(compared.outputs["winner"])
    draw_op(drawn.outputs["picture"])
