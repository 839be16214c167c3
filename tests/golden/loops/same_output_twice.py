"""Two loops over the same list, one after the other."""

from kfp_jupyter import dsl


@dsl.pipeline(name="two-passes")
def pipeline(prefix="/mnt/scans"):
    pages = dsl.ContainerOp(
        name="find pages",
        image="alpine:3.19",
        command=["sh", "-c", f"ls {prefix} > /tmp/pages"],
        file_outputs={"pages": "/tmp/pages"},
    )
    with dsl.ParallelFor(pages.output) as page:
        dsl.ContainerOp(name="straighten", image="scans/deskew:2", arguments=[prefix, page])
    with dsl.ParallelFor(pages.outputs["pages"]) as page:
        dsl.ContainerOp(name="recognise", image="scans/ocr:5", arguments=[prefix, page])
