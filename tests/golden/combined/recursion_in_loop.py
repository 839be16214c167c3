"""Every item of a loop starts a recursion of its own."""

from kfp_jupyter import components, dsl


def poll(job: str) -> str:
    return "running"


poll_op = components.create_component_from_func(poll)


@dsl.graph_component
def wait_for(job):
    state = poll_op(job).set_caching_options(False)
    with dsl.Condition(state.output == "running"):
        wait_for(state.output)


@dsl.pipeline(name="Wait for jobs")
def pipeline(jobs: list = ["a", "b"]):
    with dsl.ParallelFor(jobs) as job:
        first = poll_op(job)
        wait_for(first.output)
