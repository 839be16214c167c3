"""Files as inputs and outputs, and what may be passed to them."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputBinaryFile, InputPath, InputTextFile, OutputBinaryFile, OutputPath, OutputTextFile


def produce(rows: int, table_path: OutputPath("CSV"), notes: OutputTextFile(str), blob_file: OutputBinaryFile()):
    pass


def consume(
    table_path: InputPath("CSV"),
    notes_file: InputTextFile(str),
    blob: InputBinaryFile(),
    extra_path: InputPath() = None,
):
    pass


def value(text: str) -> str:
    return text


produce_op = components.create_component_from_func(produce)
consume_op = components.create_component_from_func(consume)
value_op = components.create_component_from_func(value)


@dsl.pipeline(name="files")
def pipeline(note: str = "hello"):
    made = produce_op(10)
    consume_op(made.outputs["table"], made.outputs["notes"], made.outputs["blob"])
    consume_op(made.outputs["table"].ignore_type(), note, "text of a blob", f"{note} and more")
    consume_op(made.outputs["table"], value_op(note).output, made.outputs["blob"], extra=made.outputs["notes"])
    value_op(made.outputs["notes"])
    consume_op("a,b\n1,2", "x", made.outputs["blob"])
