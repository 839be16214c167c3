"""A Kubernetes job is started, waited for, and its result is used."""

from kfp_jupyter import dsl


@dsl.pipeline(name="job")
def pipeline(rows: int = 5, image="perl:5.38"):
    job = dsl.ResourceOp(
        name="compute pi",
        k8s_resource={
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"generateName": "pi-"},
            "spec": {
                "backoffLimit": 2,
                "template": {
                    "spec": {
                        "restartPolicy": "Never",
                        "containers": [
                            {"name": "pi", "image": image, "command": ["perl", "-e", f"print bpi({rows})"]},
                        ],
                    }
                },
            },
        },
        success_condition="status.succeeded > 0",
        failure_condition="status.failed > 2",
        attribute_outputs={"state": "{.status.conditions[0].type}", "pods": "{.status.active}"},
    )
    dsl.ContainerOp(name="show", image="alpine:3.19", arguments=[job.outputs["state"], job.outputs["name"], job.output])
