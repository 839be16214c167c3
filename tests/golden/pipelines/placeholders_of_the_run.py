"""Placeholders for the run and the pod, which are filled in when the pipeline runs."""

from kfp_jupyter import components, dsl


def save(path: str):
    print(path)


save_op = components.create_component_from_func(save)


@dsl.pipeline(name="Placeholders")
def pipeline(root: str = "gs://results"):
    save_op(f"{root}/{dsl.RUN_ID_PLACEHOLDER}/{dsl.EXECUTION_ID_PLACEHOLDER}")
    save_op("{{workflow.name}} {{workflow.namespace}} {{workflow.creationTimestamp.Y}}")
    save_op("a jinja text: {{ name }} and {% if x %}")
    dsl.ContainerOp(name="plain", image="alpine:3.19", arguments=[dsl.RUN_ID_PLACEHOLDER, "{{pod.name}}"])
