"""Four levels: loop, condition, loop, condition, with values from every level in the innermost task."""

from kfp_jupyter import components, dsl


def lookup(region: str) -> str:
    return "open"


def stock(region: str, shop: str) -> int:
    return 3


def order(region: str, shop: str, pieces: int, supplier: str):
    print(region, shop, pieces, supplier)


lookup_op = components.create_component_from_func(lookup)
stock_op = components.create_component_from_func(stock)
order_op = components.create_component_from_func(order)


@dsl.pipeline(name="Restock")
def pipeline(supplier: str = "ACME", shops: list = ["east", "west"], minimum: int = 5):
    with dsl.ParallelFor(["DE", "FR"]) as region:
        state = lookup_op(region)
        with dsl.Condition(state.output == "open"):
            with dsl.ParallelFor(shops) as shop:
                pieces = stock_op(region, shop)
                with dsl.Condition(pieces.output < minimum):
                    order_op(region, shop, pieces.output, supplier)
