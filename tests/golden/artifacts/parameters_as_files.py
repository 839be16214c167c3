"""Parameters of the pipeline and items of a loop given to inputs that are files."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath, InputTextFile


def count(text_path: InputPath(), stop_words: InputTextFile(str)) -> int:
    return 0


count_op = components.create_component_from_func(count)


@dsl.pipeline(name="Words")
def pipeline(text: str = "a b c", stop_words: str = "a"):
    count_op(text, stop_words)
    with dsl.ParallelFor(["x y", "z"]) as line:
        count_op(line, stop_words)
        count_op(f"{line} and {text}", "the")
    with dsl.Condition(stop_words != ""):
        count_op(text, "constant")
