"""``%%docker``: a cell that is a Dockerfile → image. The public name is KFP v1's ``kfp.notebook``.

Importing this module in a notebook registers the magic.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from IPython.core.getipython import get_ipython

from kfp_jupyter.errors import UsageError
from kfp_jupyter.images import build_docker_image

USAGE = "%%docker IMAGE [gs://BUCKET/PATH] [SECONDS] [NAMESPACE]"


def docker(line: str, cell: str) -> str:
    """Build the image that a cell's Dockerfile describes and push it; return its name with its digest.

    Args:
        line: The image; where the Dockerfile is put for kaniko; seconds after which the build is given up (600); the
            namespace of kaniko's pod. With neither place nor namespace, docker or podman builds it if one answers.
        cell: The Dockerfile.

    Raises:
        UsageError: The line can't be understood, or the cell is empty.
        EngineError: The build failed.
    """
    image, staging, seconds, namespace = _arguments(line)
    if not cell.strip():
        raise UsageError("The cell of %%docker has no Dockerfile.", remedy="Write the Dockerfile below the first line.")
    with tempfile.TemporaryDirectory() as directory:
        dockerfile = Path(directory) / "Dockerfile"
        dockerfile.write_text(cell)
        return build_docker_image(staging, image, dockerfile, timeout=seconds, namespace=namespace)


def _arguments(line: str) -> tuple[str, str | None, float, str | None]:
    """Tell the words by their form: each of those after the image may be left out."""
    words = line.split()
    if not words or len(words) > 4:
        raise UsageError(f"%%docker can't read {line!r}.", remedy=f"Write {USAGE}")
    image, *rest = words
    staging = rest.pop(0) if rest and "://" in rest[0] else None
    seconds = float(rest.pop(0)) if rest and rest[0].isdigit() else 600.0
    namespace = rest.pop(0) if rest else None
    if rest:
        raise UsageError(f"%%docker can't read {' '.join(rest)!r}.", remedy=f"Write {USAGE}")
    return image, staging, seconds, namespace


_shell: Any = get_ipython()
if _shell is not None:
    _shell.register_magic_function(docker, "cell")
