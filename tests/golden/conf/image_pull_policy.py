"""One rule for pulling images, which tasks that have their own don't follow."""

from kfp_jupyter import components, dsl


def check() -> str:
    return "ok"


check_op = components.create_component_from_func(check)


@dsl.pipeline(name="pull-policy")
def pipeline():
    dsl.get_pipeline_conf().set_image_pull_policy("Always")
    check_op()
    check_op().set_image_pull_policy("Never")
    dsl.ContainerOp(name="plain", image="alpine:3.19", sidecars=[dsl.Sidecar("log", "busybox:1.36")])
    dsl.VolumeOp(name="disk", resource_name="d", size="1Gi")
