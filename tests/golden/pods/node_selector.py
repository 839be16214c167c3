"""Pods on nodes with a label: constants, parameters as value and as key, outputs."""

from kfp_jupyter import components, dsl


def choose_zone() -> str:
    return "a"


zone_op = components.create_component_from_func(choose_zone)


@dsl.pipeline(name="node-selectors")
def pipeline(pool="spot", key="disk"):
    zone = zone_op().add_node_selector_constraint("kubernetes.io/arch", "amd64")
    op = dsl.ContainerOp(name="build", image="golang:1.22", command=["go", "build"])
    op.add_node_selector_constraint("pool", pool).add_node_selector_constraint("zone", zone.output)
    op.add_node_selector_constraint("kubernetes.io/os", "linux")
    dsl.ContainerOp(name="test", image="golang:1.22").add_node_selector_constraint("pool", f"{pool}-large")
    dsl.ContainerOp(name="tag", image="golang:1.22").add_node_selector_constraint(key, "fast")
