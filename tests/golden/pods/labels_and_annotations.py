"""Labels and annotations of pods, as they are and with parameters inside, on containers and resources."""

from kfp_jupyter import dsl


@dsl.pipeline(name="labels")
def pipeline(team="red", ticket: int = 7):
    op = dsl.ContainerOp(name="step", image="alpine:3.19", command=["true"])
    op.add_pod_label("team", team).add_pod_label("cost-center", "4711").add_pod_label(team, "yes")
    op.add_pod_annotation("example.org/ticket", ticket).add_pod_annotation("sidecar.istio.io/inject", "false")
    op.add_pod_annotation("example.org/reason", f"ticket {ticket} of {team}")
    config = dsl.ResourceOp(name="config", k8s_resource={"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}})
    config.add_pod_label("team", team)
