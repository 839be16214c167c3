"""Image, command and arguments are changed after the task is made."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="second-thoughts")
def pipeline(name="world"):
    op = dsl.ContainerOp(name="greet", image="alpine:3.18", command=["echo"], arguments=["hello"])
    op.image = "alpine:3.19"
    op.command = ["printf"]
    op.arguments = ["%s, %s", "goodbye", name]
    op.container.working_dir = "/tmp"
    op.container.add_env_variable(k8s.V1EnvVar(name="LANG", value="C.UTF-8"))
    op.env_variables.append(k8s.V1EnvVar(name="NAME", value=name))
