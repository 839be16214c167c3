"""Items may be a tuple of texts, numbers, truth values, lists and nothing at all."""

from kfp_jupyter import components, dsl


def show(value: str):
    print(value)


show_op = components.create_component_from_func(show)


@dsl.pipeline(name="Anything goes")
def pipeline():
    with dsl.ParallelFor(("one", 2, 3.5, True, None, "it's", 'say "x"', " spaced ", "")) as value:
        show_op(value)
    with dsl.ParallelFor([[1, 2], ["a", "b"]]) as pair:
        show_op(pair)
    with dsl.ParallelFor([{"nested": {"deep": [1, {"x": "y"}]}, "yes": "no"}]) as record:
        show_op(record.nested)
        show_op(record.yes)
