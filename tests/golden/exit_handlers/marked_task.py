"""A task that is marked as the one at the end when it is made, as old tutorials do."""

from kfp_jupyter import dsl


@dsl.pipeline(name="marked-exit-task")
def pipeline(message="done", url="gs://bucket/shakespeare.txt"):
    tell = dsl.ContainerOp(
        name="tell", image="alpine:3.19", command=["echo"], arguments=[message], is_exit_handler=True
    )
    with dsl.ExitHandler(tell):
        fetched = dsl.ContainerOp(
            name="fetch", image="google/cloud-sdk:slim", arguments=["cp", url, "/tmp/text"], file_outputs={"text": "/tmp/text"}
        )
        dsl.ContainerOp(name="print", image="alpine:3.19", command=["echo"], arguments=[fetched.output])
