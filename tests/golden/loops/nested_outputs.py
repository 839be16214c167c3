"""A loop whose tasks make the list of an inner loop."""

from kfp_jupyter import components, dsl


def list_shops(country: str) -> list:
    return ["a", "b"]


def list_tills(shop: str) -> list:
    return [1, 2]


def close_till(shop: str, till: int):
    print(shop, till)


shops_op = components.create_component_from_func(list_shops)
tills_op = components.create_component_from_func(list_tills)
close_op = components.create_component_from_func(close_till)


@dsl.pipeline(name="Closing time")
def pipeline(country: str = "NL"):
    shops = shops_op(country)
    with dsl.ParallelFor(shops.output) as shop:
        tills = tills_op(shop)
        with dsl.ParallelFor(tills.output) as till:
            close_op(shop, till)
