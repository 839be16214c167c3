"""Files travel on a volume that all tasks share instead of through the artifact store."""

from kubernetes import client as k8s

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath, OutputPath
from kfp_jupyter.dsl import data_passing_methods


def make(rows: int, table_path: OutputPath("CSV"), mlpipeline_metrics_path: OutputPath("Metrics")) -> int:
    return rows


def use(table_path: InputPath("CSV"), rows: int):
    print(table_path, rows)


make_op = components.create_component_from_func(make)
use_op = components.create_component_from_func(use)

conf = dsl.PipelineConf()
conf.data_passing_method = data_passing_methods.KubernetesVolume(
    volume=k8s.V1Volume(
        name="data", persistent_volume_claim=k8s.V1PersistentVolumeClaimVolumeSource(claim_name="pipeline-data")
    ),
    path_prefix="artifact_data/",
)


@dsl.pipeline(name="Data on a volume")
def pipeline(rows: int = 3, check: str = "yes"):
    made = make_op(rows)
    use_op(made.outputs["table"], made.outputs["Output"])
    with dsl.Condition(check == "yes"):
        use_op(made.outputs["table"], 1)
