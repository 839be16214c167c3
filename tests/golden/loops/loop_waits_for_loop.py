"""A loop starts when another loop and a task have ended."""

from kfp_jupyter import dsl


def shell(name, *arguments):
    return dsl.ContainerOp(name=name, image="bash:5.2", command=["bash", "-c"], arguments=list(arguments))


@dsl.pipeline(name="spring-cleaning")
def pipeline(rooms: list = ["kitchen", "hall"]):
    ready = shell("open windows", "echo open")
    with dsl.ParallelFor(rooms) as room:
        dusted = shell("dust", f"dust {room}")
    with dsl.ParallelFor(rooms) as room:
        shell("mop", f"mop {room}").after(dusted, ready)
    with dsl.ParallelFor(["door", "windows"]) as opening:
        shell("shut", f"close {opening}")
