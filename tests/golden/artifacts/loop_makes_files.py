"""Every round of a loop writes a file that the next task of the round reads."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputBinaryFile, InputPath, OutputBinaryFile, OutputPath


def record(microphone: str, wave_file: OutputBinaryFile()):
    pass


def denoise(wave_file: InputBinaryFile(), strength: float, clean_path: OutputPath("Wave")):
    pass


def join(wave_path: InputPath("Wave")):
    pass


record_op = components.create_component_from_func(record)
denoise_op = components.create_component_from_func(denoise)
join_op = components.create_component_from_func(join)


@dsl.pipeline(name="Concert")
def pipeline(strength: float = 0.5):
    with dsl.ParallelFor(["left", "right"]) as microphone:
        sound = record_op(microphone)
        cleaned = denoise_op(sound.output, strength)
    join_op(cleaned.output)
