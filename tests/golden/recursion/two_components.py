"""Two graph components in one pipeline, the second inside the first."""

from kfp_jupyter import dsl


def shell(name, text):
    return dsl.ContainerOp(
        name=name, image="bash:5.2", command=["bash", "-c"], arguments=[text], file_outputs={"answer": "/tmp/answer"}
    )


@dsl.graph_component
def pour(level):
    poured = shell("draw", f"echo {level} > /tmp/answer")
    with dsl.Condition(poured.output != "full"):
        pour(poured.output)


@dsl.graph_component
def serve(guest):
    asked = shell("ask", f"ask {guest}")
    pour(asked.output)
    with dsl.Condition(asked.output == "another round"):
        serve(asked.output)


@dsl.pipeline(name="tavern")
def pipeline(guest="Frodo"):
    arrived = shell("greet", f"hello {guest}")
    serve(arrived.output)
    shell("sweep", "sweep the floor")
