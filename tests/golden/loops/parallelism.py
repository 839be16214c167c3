"""Loops that run so many items at once and no more."""

from kfp_jupyter import dsl


@dsl.pipeline(name="polite-downloads")
def pipeline(files: list = ["a.zip", "b.zip", "c.zip", "d.zip"]):
    with dsl.ParallelFor(files, parallelism=2) as file:
        dsl.ContainerOp(name="download", image="curlimages/curl:8.6.0", command=["curl", "-O"], arguments=[file])
    with dsl.ParallelFor([1, 2, 3], parallelism=1) as attempt:
        dsl.ContainerOp(name="verify", image="alpine:3.19", command=["sha256sum", "-c"], arguments=[attempt])
