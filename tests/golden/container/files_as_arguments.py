"""Arguments that arrive as files: at a path of their own, or at one that the system picks."""

from kfp_jupyter import dsl


@dsl.pipeline(name="files-as-arguments")
def pipeline(config="{'depth': 3}", notes="none"):
    made = dsl.ContainerOp(
        name="make", image="alpine:3.19", command=["sh", "-c", "date > /tmp/date"], file_outputs={"date": "/tmp/date"}
    )
    dsl.ContainerOp(
        name="use",
        image="alpine:3.19",
        command=["cat"],
        arguments=[
            "--date", dsl.InputArgumentPath(made.output),
            "--config", dsl.InputArgumentPath(config, input="Config file"),
            "--fixed", dsl.InputArgumentPath("some text", path="/etc/fixed.txt"),
        ],
        artifact_argument_paths=[
            dsl.InputArgumentPath(notes, input="notes", path="/data/notes.txt"),
            dsl.InputArgumentPath("constant", input="constant", path="/data/constant.txt"),
        ],
    )
