"""A store that finds components in a folder by their names."""

from kfp_jupyter import components, dsl

store = components.ComponentStore(local_search_paths=["."])
filter_op = store.load_component("filter")


@dsl.pipeline(name="Filter")
def pipeline(pattern: str = "^a"):
    filter_op("abc", pattern)
