"""Settings given to the compiler replace those that the pipeline makes inside."""

from kfp_jupyter import dsl

conf = dsl.PipelineConf().set_parallelism(7)


@dsl.pipeline(name="outside-wins")
def pipeline():
    dsl.get_pipeline_conf().set_timeout(5).set_parallelism(2)
    dsl.ContainerOp(name="count", image="alpine:3.19", command=["seq", "3"])
