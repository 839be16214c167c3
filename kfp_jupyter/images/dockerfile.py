"""Dockerfiles that are generated for a function or a directory.

Source: ``kfp/containers/_component_builder.py`` and ``kfp/containers/_build_image_api.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from collections.abc import Mapping

from kfp_jupyter.errors import UsageError

WORK_DIR = "/python_env"
"""Where the files of a captured working directory are in its image, as in KFP v1."""

REQUIREMENTS = "requirements.txt"

_ENSURE_PYTHON = (
    "python3 -m pip --version || (apt-get update -y && "
    "apt-get install --no-install-recommends -y -q python3 python3-pip python3-setuptools)"
)


def for_working_dir(base_image: str, requirements: bool) -> str:
    """Return a Dockerfile for a captured working directory.

    Args:
        base_image: What the image is made from; it must have ``python3`` if there are requirements.
        requirements: Whether the directory has a requirements.txt.
    """
    lines = [f"FROM {_one_word(base_image)}", f"WORKDIR {WORK_DIR}"]
    if requirements:
        # Before the rest, so that a change of the code alone doesn't install everything anew.
        lines += [f"COPY {REQUIREMENTS} .", f"RUN python3 -m pip install -r {REQUIREMENTS}"]
    return "\n".join([*lines, "COPY . .", ""])


def for_program(base_image: str, files: Mapping[str, str], requirements: bool) -> str:
    """Return a Dockerfile for a Python program.

    Args:
        base_image: What the image is made from; Python is installed with apt where it is missing.
        files: Path in the build context to path in the image.
        requirements: Whether the context has a requirements.txt.
    """
    lines = [f"FROM {_one_word(base_image)}", f"RUN {_ENSURE_PYTHON}"]
    if requirements:
        lines += [f"COPY {REQUIREMENTS} /ml/{REQUIREMENTS}", f"RUN python3 -m pip install -r /ml/{REQUIREMENTS}"]
    lines += [f"COPY {source} {place}" for source, place in files.items()]
    return "\n".join([*lines, ""])


def _one_word(image: str) -> str:
    if len(image.split()) != 1:
        raise UsageError(f"{image!r} is not a valid image name.", remedy="Write registry/repository:tag.")
    return image
