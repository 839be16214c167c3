"""What a Kubernetes object says is given to a task as a file, in a group and outside."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath


def read(manifest_path: InputPath(), note_path: InputPath() = None):
    print(manifest_path, note_path)


read_op = components.create_component_from_func(read)


@dsl.pipeline(name="Manifests")
def pipeline(deep: str = "yes"):
    quota = dsl.ResourceOp(
        name="quota",
        k8s_resource={"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "small"}},
        action="apply",
    )
    read_op(quota.outputs["manifest"])
    with dsl.Condition(deep == "yes"):
        read_op(quota.outputs["manifest"], quota.outputs["name"])
