"""The same, with files that come out of a condition and go through a loop, the volume given as plain data."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath, OutputPath
from kfp_jupyter.dsl.data_passing_methods import KubernetesVolume


def draw(shape: str, picture_path: OutputPath("PNG")):
    pass


def frame(picture_path: InputPath("PNG"), colour: str, framed_path: OutputPath("PNG")):
    pass


draw_op = components.create_component_from_func(draw)
frame_op = components.create_component_from_func(frame)


@dsl.pipeline(name="Pictures on a volume")
def pipeline(shape: str = "circle", filled: str = "no"):
    dsl.get_pipeline_conf().data_passing_method = KubernetesVolume({"hostPath": {"path": "/mnt/pictures"}}, "run/")
    with dsl.Condition(filled == "no"):
        outline = draw_op(shape)
    with dsl.ParallelFor(["red", "gold"]) as colour:
        framed = frame_op(outline.output, colour)
        frame_op(framed.output, "black")
