"""Parameters and outputs whose names are words of YAML, of Python and of Argo."""

from kfp_jupyter import components, dsl

answer_op = components.load_component_from_text(
    """
name: inputs
inputs: [{name: Type}, {name: 'on'}, {name: null value, optional: true}]
outputs: [{name: 'yes'}, {name: item}, {name: parameters}]
implementation:
  container:
    image: alpine:3.19
    command: [answer, {inputValue: Type}, {inputValue: 'on'}]
    args: [{outputPath: 'yes'}, {outputPath: item}, {outputPath: parameters}, 'null', '~', '1e3', '0x10', 'off', '12:30:00']
"""
)


@dsl.pipeline(name="workflow")
def pipeline(item="y", tasks="no", parameters="null", on="1_000"):
    first = answer_op(item, on, **{"null_value": tasks})
    answer_op(first.outputs["item"], first.outputs["yes"])
    dsl.ContainerOp(name="item", image="alpine:3.19", arguments=[parameters, first.outputs["parameters"], "yes", "2024-01-01"])
