"""One output, read as a value by one task and as a file by another, across a group."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath


def summarise(text: str) -> str:
    return text[:20]


def show(text: str):
    print(text)


def archive(text_path: InputPath(str), shelf: str):
    print(text_path, shelf)


summarise_op = components.create_component_from_func(summarise)
show_op = components.create_component_from_func(show)
archive_op = components.create_component_from_func(archive)


@dsl.pipeline(name="Summaries")
def pipeline(text: str = "once upon a time", keep: str = "yes"):
    summary = summarise_op(text)
    show_op(summary.output)
    archive_op(summary.output, "A")
    with dsl.Condition(keep == "yes"):
        archive_op(summary.output, "B")
        with dsl.Condition(summary.output != ""):
            show_op(summary.output)
