"""Both sides of a condition are parameters of the pipeline."""

from kfp_jupyter import dsl


def copy_op(source, target):
    return dsl.ContainerOp(
        name="copy",
        image="alpine:3.19",
        command=["cp", "-r"],
        arguments=[source, target],
    )


@dsl.pipeline(name="copy-between-regions")
def pipeline(source_region="eu-west-1", target_region="us-east-1", minimum: int = 3, maximum: int = 7):
    with dsl.Condition(source_region != target_region):
        copy_op("/data/%s" % source_region, "/data/%s" % target_region)
    with dsl.Condition(minimum < maximum):
        copy_op("/ranges/valid", "/ranges/used")
