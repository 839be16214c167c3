"""Types with properties of their own: equal ones fit, and one may know more than the other."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath, OutputPath

make_op = components.load_component_from_text(
    """
name: Make table
outputs:
- {name: table, type: {CSV: {separator: ',', header: true}}}
- {name: place, type: {GCSPath: {path_type: file, file_type: csv}}}
implementation:
  container:
    image: alpine:3.19
    command: [make, {outputPath: table}, {outputPath: place}]
"""
)
read_op = components.load_component_from_text(
    """
name: Read table
inputs:
- {name: table, type: {CSV: {separator: ',', header: true, quotes: '"'}}}
- {name: place, type: {GCSPath: {path_type: file, file_type: csv}}}
implementation:
  container:
    image: alpine:3.19
    command: [read, {inputPath: table}, {inputValue: place}]
"""
)


def check(table_path: InputPath({"CSV": {"separator": ",", "header": True}}), result_path: OutputPath({"Report": {}})):
    pass


check_op = components.create_component_from_func(check)


@dsl.pipeline(name="Typed tables")
def pipeline(place: {"GCSPath": {"path_type": "file", "file_type": "csv"}} = "gs://b/t.csv"):
    made = make_op()
    read_op(made.outputs["table"], made.outputs["place"])
    read_op(made.outputs["table"], place)
    check_op(made.outputs["table"])
