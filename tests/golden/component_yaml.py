"""Components from component.yaml: every placeholder, environment, fixed outputs, metadata."""

from kfp_jupyter import components, dsl

produce_op = components.load_component_from_text(
    """
name: Produce things
description: Makes things
metadata:
  annotations: {author: someone}
  labels: {team: a}
inputs:
- {name: Row count, type: Integer, default: '100', description: How many}
- {name: seed, type: Integer, default: 7}
- {name: flag, type: Boolean, default: True}
- {name: Title}
outputs:
- {name: Table, type: CSV, description: The rows}
- {name: fixed, type: String}
implementation:
  container:
    image: alpine:3.19
    command: [sh, -c, 'echo "$0" "$@"']
    args:
    - --rows
    - {inputValue: Row count}
    - {concat: [--title=, {inputValue: Title}, '!', '5']}
    - {inputValue: seed}
    - if:
        cond: {inputValue: flag}
        then: --flagged
        else: [--not, flagged]
    - {outputPath: Table}
    - '3'
    - "1.5"
    - 'true'
    env: {MODE: fast, LEVEL: '3'}
    fileOutputs: {fixed: /fixed/output.txt}
"""
)

consume_op = components.load_component(
    text="""
inputs:
- {name: table, type: {CSV: {separator: ','}}}
- {name: note, type: String, optional: true}
- {name: extra, optional: true}
outputs:
- {name: the report}
implementation:
  container:
    image: python:3.9
    command:
    - python3
    - -m
    - report
    - {inputPath: table}
    - if:
        cond: {isPresent: note}
        then: [--note, {inputPath: note}]
    - if:
        cond: {isPresent: extra}
        then: [--extra, {inputValue: extra}, {concat: [a, {inputValue: extra}]}]
        else: [--no-extra]
    - {outputPath: the report}
"""
)


@dsl.pipeline(name="from-yaml")
def pipeline(title: str = "t", rows: int = 5):
    first = produce_op(title)
    second = produce_op(row_count=rows, title=f"{title}-2", seed=3, flag=False)
    third = consume_op(first.outputs["Table"].ignore_type())
    consume_op(table="x,y", note=second.outputs["fixed"], extra=third.outputs["the_report"])
    consume_op(third.output, extra=first.outputs["fixed"])
