"""A custom resource with numbers, truth values, empty parts and texts of several lines in its manifest."""

from kfp_jupyter import dsl


@dsl.pipeline(name="custom-resource")
def pipeline(workers: int = 3, script="print('hi')"):
    job = dsl.ResourceOp(
        name="PyTorch job",
        k8s_resource={
            "apiVersion": "kubeflow.org/v1",
            "kind": "PyTorchJob",
            "metadata": {"name": "{{workflow.name}}-ddp", "annotations": {}},
            "spec": {
                "suspend": False,
                "elastic": None,
                "replicas": workers,
                "ratio": 0.25,
                "hosts": [],
                "yes": "on",
                "script": "import torch\nprint(torch.__version__)\n",
                "then": script,
                "quoted": 'say "hi": it\'s 5',
            },
        },
        action="create",
        success_condition="status.replicaStatuses.Worker.succeeded==3,status.replicaStatuses.Master.succeeded==1",
        attribute_outputs={"job spec": "{.spec}"},
    )
    job.add_node_selector_constraint("pool", "cpu").set_retry(2).set_caching_options(False)
    job.add_pod_annotation("why", "training")
