"""Settings that are given to the compiler with the pipeline."""

from kubernetes import client as k8s

from kfp_jupyter import dsl

conf = dsl.PipelineConf()
conf.set_image_pull_secrets([k8s.V1LocalObjectReference(name="registry")])
conf.set_timeout(600).set_parallelism(1).set_ttl_seconds_after_finished(0).set_pod_disruption_budget(2)
conf.set_image_pull_policy("IfNotPresent")


@dsl.pipeline(name="conf-outside")
def pipeline():
    dsl.ContainerOp(name="build", image="gcc:13", command=["make"])
