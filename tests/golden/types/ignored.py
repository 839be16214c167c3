"""Types that don't fit are passed all the same where the author says so."""

from kfp_jupyter import components, dsl


def make() -> "Picture":
    return ""


def read(text: str):
    print(text)


def add(a: int, b: float):
    print(a + b)


make_op = components.create_component_from_func(make)
read_op = components.create_component_from_func(read)
add_op = components.create_component_from_func(add)


@dsl.pipeline(name="Anything fits")
def pipeline(text: str = "3", count: int = 3):
    read_op(make_op().output.ignore_type())
    with dsl.Condition(count > 2):
        read_op(count.ignore_type())
    add_op(text.ignore_type(), text)
