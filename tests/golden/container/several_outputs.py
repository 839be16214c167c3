"""A container with several files as outputs; names that need a different spelling."""

from kfp_jupyter import dsl


@dsl.pipeline(name="several-outputs")
def pipeline(sample="blood"):
    lab = dsl.ContainerOp(
        name="laboratory",
        image="lab/analyse:4",
        arguments=[sample],
        file_outputs={"red": "/out/red", "white_cells": "/out/white", "Total Count": "/out/total", "pH": "/out/ph"},
    )
    dsl.ContainerOp(
        name="report",
        image="lab/report:4",
        arguments=[lab.outputs["red"], lab.outputs["white_cells"], lab.outputs["Total Count"], lab.outputs["pH"]],
    )
