"""Files for the user interface, written by a container; artifacts that are outputs of nothing else."""

from kfp_jupyter import dsl


@dsl.pipeline(name="metrics-by-hand")
def pipeline():
    trained = dsl.ContainerOp(
        name="train",
        image="models/train:9",
        file_outputs={
            "model": "/out/model",
            "mlpipeline-metrics": "/out/metrics.json",
            "mlpipeline-ui-metadata": "/out/ui.json",
        },
        output_artifact_paths={"tensorboard": "/out/logs", "checkpoints": "/out/checkpoints"},
    )
    dsl.ContainerOp(name="serve", image="models/serve:9", arguments=[trained.output])
