"""Settings of the whole pipeline, made inside its function."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="conf-inside", description="Every setting that isn't about single tasks.")
def pipeline(text="hello"):
    conf = dsl.get_pipeline_conf()
    conf.set_image_pull_secrets([k8s.V1LocalObjectReference(name="registry"), k8s.V1LocalObjectReference(name="mirror")])
    conf.set_timeout(86400).set_parallelism(5).set_ttl_seconds_after_finished(3600)
    conf.set_default_pod_node_selector("pool", "batch").set_default_pod_node_selector("arch", "arm64")
    conf.set_pod_disruption_budget("100%")
    conf.set_dns_config(
        k8s.V1PodDNSConfig(
            nameservers=["10.0.0.10"],
            searches=["example.org"],
            options=[k8s.V1PodDNSConfigOption(name="ndots", value="2")],
        )
    )
    dsl.ContainerOp(name="echo", image="alpine:3.19", command=["echo"], arguments=[text])
