"""Order by hand: one after several, several after one, twice the same, together with data."""

from kfp_jupyter import dsl


def job(name, *arguments):
    return dsl.ContainerOp(
        name=name, image="alpine:3.19", command=["sh", "-c"], arguments=list(arguments), file_outputs={"o": "/o"}
    )


@dsl.pipeline(name="dependencies")
def pipeline():
    a, b, c = job("a"), job("b"), job("c")
    d = job("d", a.output).after(b, c).after(c)
    e = job("e").after(d)
    f = job("f", e.output, a.output)
    disk = dsl.VolumeOp(name="disk", resource_name="d", size="1Gi").after(f)
    job("g").after(disk, a)
    c.after(a)
