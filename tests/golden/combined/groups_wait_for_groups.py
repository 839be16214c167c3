"""Order between groups of different depth, given by hand from both ends."""

from kfp_jupyter import dsl


def job(name):
    return dsl.ContainerOp(name=name, image="alpine:3.19", command=["true"])


@dsl.pipeline(name="stage-by-stage")
def pipeline(fast="no"):
    with dsl.ParallelFor([1, 2]):
        lint = job("lint")
        with dsl.Condition(fast == "no"):
            types = job("types")
    with dsl.Condition(fast == "no") as slow:
        with dsl.ParallelFor(["py310", "py312"]):
            unit = job("unit").after(types)
            job("coverage").after(unit)
    slow.after(lint)
    job("badge").after(slow, types)
    job("summary").after(unit, lint)
