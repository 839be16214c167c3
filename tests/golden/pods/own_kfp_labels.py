"""Labels under names that the compiler would use itself: the author's stay."""

from kfp_jupyter import dsl


@dsl.pipeline(name="own-labels")
def pipeline():
    op = dsl.ContainerOp(name="step", image="alpine:3.19", command=["true"])
    op.add_pod_label("pipelines.kubeflow.org/pipeline-sdk-type", "handmade")
    op.add_pod_annotation("pipelines.kubeflow.org/task_display_name", "mine")
