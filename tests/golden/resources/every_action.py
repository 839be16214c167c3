"""Kubernetes objects are created, applied, patched and deleted."""

from kfp_jupyter import dsl

CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "1"}}


@dsl.pipeline(name="every-action")
def pipeline(value="2"):
    made = dsl.ResourceOp(name="create", k8s_resource=CONFIG)
    applied = dsl.ResourceOp(
        name="apply", k8s_resource={**CONFIG, "data": {"a": value}}, action="apply", merge_strategy="strategic"
    ).after(made)
    patched = dsl.ResourceOp(
        name="patch", k8s_resource={**CONFIG, "data": {"b": f"x{value}"}}, action="patch", set_owner_reference=True
    ).after(applied)
    dsl.ResourceOp(name="remove", k8s_resource=CONFIG, action="delete").after(patched)
    dsl.ResourceOp(name="remove at once", k8s_resource=CONFIG, action="delete", flags=["--now"]).after(patched)
