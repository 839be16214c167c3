"""Each round of a recursion loops over what it has found."""

from typing import NamedTuple

from kfp_jupyter import components, dsl


def next_page(token: str) -> NamedTuple("Page", [("entries", list), ("token", str)]):
    return ["a"], ""


def store(entry: str, shelf: str):
    print(entry, shelf)


page_op = components.create_component_from_func(next_page)
store_op = components.create_component_from_func(store)


@dsl.graph_component
def read_pages(token, shelf):
    page = page_op(token)
    with dsl.ParallelFor(page.outputs["entries"]) as entry:
        store_op(entry, shelf)
    with dsl.Condition(page.outputs["token"] != ""):
        read_pages(page.outputs["token"], shelf)


@dsl.pipeline(name="Read all pages")
def pipeline(token: str = "start", shelf: str = "A"):
    read_pages(token, shelf)
