"""A modifier of one's own, applied to tasks and inside a group, with and without a return value."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


def with_proxy(address):
    def modify(op):
        for name in ("http_proxy", "https_proxy"):
            op.container.add_env_variable(k8s.V1EnvVar(name=name, value=address))

    return modify


def on_fast_nodes(op):
    return op.add_node_selector_constraint("speed", "fast").set_cpu_request("2")


@dsl.pipeline(name="own-modifier")
def pipeline(proxy="http://proxy:3128"):
    dsl.ContainerOp(name="fetch", image="curlimages/curl:8.6.0", arguments=["-O"]).apply(with_proxy(proxy))
    with dsl.ParallelFor(["http://a:1", "http://b:2"]) as other:
        dsl.ContainerOp(name="probe", image="curlimages/curl:8.6.0").apply(with_proxy(f"{other}/")).apply(on_fast_nodes)
