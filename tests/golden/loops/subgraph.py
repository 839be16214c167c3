"""A subgraph that limits how much of it runs at once, with a loop over an output inside."""

from kfp_jupyter import components, dsl


def list_videos(channel: str) -> list:
    return ["a.mp4", "b.mp4"]


def transcode(video: str, codec: str) -> str:
    return video


def notify(channel: str):
    print(channel)


videos_op = components.create_component_from_func(list_videos)
transcode_op = components.create_component_from_func(transcode)
notify_op = components.create_component_from_func(notify)


@dsl.pipeline(name="Transcode")
def pipeline(channel: str = "lectures", codec: str = "av1"):
    videos = videos_op(channel)
    with dsl.SubGraph(parallelism=2):
        with dsl.ParallelFor(videos.output) as video:
            transcode_op(video, codec)
        notify_op(channel)
