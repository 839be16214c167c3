"""Tasks and conditions wait for each other though no value is passed."""

from kfp_jupyter import dsl


def job(name):
    return dsl.ContainerOp(name=name, image="alpine:3.19", command=["sh", "-c", "true"])


@dsl.pipeline(name="release-train")
def pipeline(channel="stable"):
    build = job("build")
    tests = job("tests")
    with dsl.Condition(channel == "stable") as stable:
        sign = job("sign")
        job("notarise").after(sign)
    stable.after(tests)
    publish = job("publish").after(sign)
    with dsl.Condition(channel == "nightly") as nightly:
        job("tag").after(build, publish)
    job("announce").after(nightly)
