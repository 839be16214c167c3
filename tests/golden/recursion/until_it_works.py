"""A graph component that calls itself until a task's answer ends it."""

from kfp_jupyter import components, dsl


def probe(address: str) -> str:
    return "down"


def celebrate(state: str):
    print(state)


probe_op = components.create_component_from_func(probe)
celebrate_op = components.create_component_from_func(celebrate)


@dsl.graph_component
def wait_until_up(state):
    again = probe_op(state)
    again.execution_options.caching_strategy.max_cache_staleness = "P0D"
    with dsl.Condition(again.output == "down"):
        wait_until_up(again.output)


@dsl.pipeline(name="Wait for a server")
def pipeline(address: str = "10.0.0.7"):
    first = probe_op(address)
    waiting = wait_until_up(first.output)
    celebrate_op(address).after(waiting)
