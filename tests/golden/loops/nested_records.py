"""Loops in loops over records: fields of every level meet in one task."""

from kfp_jupyter import dsl


@dsl.pipeline(name="render-farm")
def pipeline(quality="draft"):
    with dsl.ParallelFor([{"film": "dunes", "fps": 24}, {"film": "tides", "fps": 30}]) as job:
        with dsl.ParallelFor([{"first": 1, "last": 100}, {"first": 101, "last": 200}]) as frames:
            scene = dsl.ContainerOp(
                name="render",
                image="blender/blender:4.1",
                command=["blender", "-b"],
                arguments=[job.film, "-s", frames.first, "-e", frames.last, "--quality", quality],
                file_outputs={"frames": "/tmp/frames.txt"},
            )
            with dsl.ParallelFor(["mp4", "webm"]) as container_format:
                dsl.ContainerOp(
                    name="encode",
                    image="jrottenberg/ffmpeg:6.1",
                    arguments=[f"{job.film}-{frames.first}.{container_format}", "-r", job.fps, "-i", scene.output],
                )
