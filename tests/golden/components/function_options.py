"""Components from functions with every option: image, packages, annotations, decorators in both forms."""

import tempfile
from pathlib import Path

from kfp_jupyter import components, dsl
from kfp_jupyter.components import create_component_from_func, func_to_container_op


@create_component_from_func
def plain(word: str) -> str:
    """Say a word."""
    return word


def shout(word: str, times: int = 2) -> str:
    """Say it loudly.

    Args:
        word: What to say.
        times: How often.

    Returns:
        The same, in capitals.
    """
    return word.upper() * times


shout_op = create_component_from_func(
    shout,
    output_component_file=str(Path(tempfile.gettempdir()) / "shout.component.yaml"),
    base_image="python:3.12-slim",
    packages_to_install=["rich>=13", "click"],
    annotations={"author": "choir", "platform": "any"},
)


@func_to_container_op
def whisper(word: str):
    print(word.lower())


def count(word: str) -> int:
    return Counter(word).total()


count_op = func_to_container_op(
    count,
    base_image="python:3.11",
    extra_code="from collections import Counter",
    packages_to_install=["numpy"],
    annotations={"kind": "statistics"},
)


@dsl.pipeline(name="Voices")
def pipeline(word: str = "hello"):
    said = plain(word)
    loud = shout_op(said.output)
    whisper(loud.output)
    count_op(shout_op(word, 3).output)
