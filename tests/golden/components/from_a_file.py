"""A component from a file beside the pipeline; its name tells nothing about its file."""

from kfp_jupyter import components, dsl

sort_op = components.load_component_from_file("sort.component.yaml")
same_op = components.load_component(filename="sort.component.yaml")


@dsl.pipeline(name="Sorting")
def pipeline(column: str = "price"):
    first = sort_op("b\na\n", column=column)
    same_op(first.outputs["sorted"], column="name", descending=True)
