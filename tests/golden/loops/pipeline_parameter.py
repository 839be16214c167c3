"""A loop over a list that is given when the pipeline is started."""

from kfp_jupyter import components, dsl


def crawl(address: str, depth: int):
    print(address, depth)


crawl_op = components.create_component_from_func(crawl)


@dsl.pipeline(name="Crawl")
def pipeline(addresses: list = ["https://example.org", "https://example.com"], depth: int = 2):
    with dsl.ParallelFor(addresses) as address:
        crawl_op(address, depth)
