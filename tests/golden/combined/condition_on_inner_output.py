"""A condition tests what a task deep inside another condition has made."""

from kfp_jupyter import components, dsl


def scan(image: str) -> int:
    return 2


def rescan(image: str) -> int:
    return 0


def block(image: str):
    print(image)


scan_op = components.create_component_from_func(scan)
rescan_op = components.create_component_from_func(rescan)
block_op = components.create_component_from_func(block)


@dsl.pipeline(name="Image scan")
def pipeline(image: str = "web:1", deep: str = "yes", allowed: int = 0):
    first = scan_op(image)
    with dsl.Condition(deep == "yes"):
        with dsl.Condition(first.output > 0):
            second = rescan_op(image)
    with dsl.Condition(second.output > allowed):
        block_op(image)
