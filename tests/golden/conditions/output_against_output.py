"""A challenger is compared with the champion: two tasks' outputs in one condition."""

from kfp_jupyter import components, dsl

evaluate_op = components.load_component_from_text(
    """
name: Evaluate model
inputs:
- {name: model, type: String}
outputs:
- {name: accuracy, type: Float}
- {name: latency, type: Float}
implementation:
  container:
    image: registry.example.org/evaluate:1.4
    command: [evaluate]
    args: [--model, {inputValue: model}, --accuracy, {outputPath: accuracy}, --latency, {outputPath: latency}]
"""
)
promote_op = components.load_component_from_text(
    """
name: Promote
inputs:
- {name: model, type: String}
implementation:
  container:
    image: registry.example.org/serve:2
    command: [promote, {inputValue: model}]
"""
)


@dsl.pipeline(name="champion-and-challenger")
def pipeline(champion: str = "v1", challenger: str = "v2"):
    old = evaluate_op(champion)
    new = evaluate_op(challenger)
    with dsl.Condition(new.outputs["accuracy"] > old.outputs["accuracy"]):
        with dsl.Condition(new.outputs["latency"] <= old.outputs["latency"]):
            promote_op(challenger)
