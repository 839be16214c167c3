"""The task at the end is a container that keeps a file for the person who looks at the run."""

from kfp_jupyter import dsl


@dsl.pipeline(name="summary-at-the-end")
def pipeline(study="sleep"):
    summary = dsl.ContainerOp(
        name="summary",
        image="studies/summary:1",
        command=["summarise"],
        file_outputs={"mlpipeline-ui-metadata": "/mlpipeline-ui-metadata.json", "pages": "/tmp/pages"},
    )
    summary.add_pod_label("billing", "studies")
    with dsl.ExitHandler(exit_op=summary):
        first = dsl.ContainerOp(name="collect", image="studies/collect:1", arguments=[study], file_outputs={"raw": "/raw"})
        dsl.ContainerOp(name="anonymise", image="studies/anonymise:1", arguments=[first.output])
