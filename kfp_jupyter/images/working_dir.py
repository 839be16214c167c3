"""A directory of Python code → image. The public name is KFP v1's ``kfp.containers.build_image_from_working_dir``.

Source: ``kfp/containers/_build_image_api.py`` of kfp 1.8.24.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs

from kfp_jupyter.errors import UsageError
from kfp_jupyter.images.builder import Builder, chosen
from kfp_jupyter.images.dockerfile import REQUIREMENTS, for_working_dir

BASE_IMAGE = "gcr.io/deeplearning-platform-release/tf-cpu.1-14"
"""What such images are made from, as in KFP v1."""

DOCKERFILE = "Dockerfile"


def build_image_from_working_dir(
    image_name: str | None = None,
    working_dir: str | os.PathLike[str] | None = None,
    file_filter_re: str = r".*\.py",
    timeout: float = 1000,
    base_image: str | Callable[[], str] | None = None,
    builder: Builder | str | None = None,
) -> str:
    """Build and push an image that holds the Python files of a directory; return its name with its digest.

    The image has the requirements.txt installed if there is one. A Dockerfile in the directory is used instead of
    one made here. Hidden directories, virtual environments and ``__pycache__`` are left out. Files that were built
    before, under the same name, aren't built again.

    Args:
        image_name: Where the image goes.
        working_dir: The directory; the current one unless given.
        file_filter_re: Which files go in: a regular expression that a file's name begins with.
        timeout: Seconds after which the build is given up.
        base_image: What the image is made from, or a function that says so.
        builder: ``"local"`` for docker or podman, ``"kaniko"`` for a pod in the cluster, or a builder such as
            `ContainerBuilder`; docker or podman if one answers, else kaniko, unless given.

    Raises:
        UsageError: There is no such directory, or both a base image and a Dockerfile.
        EngineError: The build failed.
    """
    source = Path(working_dir or Path.cwd())
    if not source.is_dir():
        raise UsageError(f"There is no directory {os.fspath(source)!r}.")
    with tempfile.TemporaryDirectory() as directory:
        context = Path(directory)
        _capture(source, context, _pattern(file_filter_re))
        if (source / DOCKERFILE).exists():
            if base_image:
                raise UsageError(
                    f"{os.fspath(source / DOCKERFILE)!r} already sets the base image, so base_image can't be set too.",
                    remedy="Remove base_image, or delete the Dockerfile.",
                )
            shutil.copy(source / DOCKERFILE, context / DOCKERFILE)
        else:
            base = base_image() if callable(base_image) else base_image
            text = for_working_dir(base or BASE_IMAGE, (context / REQUIREMENTS).exists())
            (context / DOCKERFILE).write_text(text)
        memory = _memory(image_name or "", context)
        if memory.exists():
            return memory.read_text()
        built = chosen(builder).build(context, DOCKERFILE, image_name, timeout)
    if "@" in built:
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(built)
    return built


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise UsageError(f"file_filter_re={text!r} is not a valid regular expression: {error}.") from None


def _capture(source: Path, context: Path, wanted: re.Pattern[str]) -> None:
    for path in _files(source):
        if wanted.match(path.name) or path.name == REQUIREMENTS:
            target = context / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def _files(directory: Path) -> Iterator[Path]:
    for root, directories, names in os.walk(directory):
        directories[:] = [name for name in directories if _holds_code(Path(root) / name)]
        yield from (Path(root) / name for name in names)


def _holds_code(directory: Path) -> bool:
    is_environment = (directory / "pyvenv.cfg").exists()
    return not (directory.name.startswith(".") or directory.name == "__pycache__" or is_environment)


def _memory(image: str, context: Path) -> Path:
    """Return where the result of a build of these files under that name is remembered."""
    digest = hashlib.sha256(image.encode())
    for path in sorted(p for p in context.rglob("*") if p.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"\n{path.relative_to(context).as_posix()}\t{content}".encode())
    home = os.environ.get("KFP_JUPYTER_CACHE") or platformdirs.user_cache_dir("kfp-jupyter")
    return Path(home) / "images" / digest.hexdigest()
