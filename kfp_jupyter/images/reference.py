"""Names of images: ``registry.example:5000/team/model:v3@sha256:…``."""

from __future__ import annotations

from kfp_jupyter.errors import EngineError, UsageError

DIGEST = "sha256:"


def repository(image: str) -> str:
    """Return an image's name without tag and digest; a registry's port is not a tag."""
    name = image.partition("@")[0]
    directory, slash, last = name.rpartition("/")
    return f"{directory}{slash}{last.partition(':')[0]}"


def registry(image: str) -> str:
    """Return the host of an image's registry; empty for names without one."""
    host, slash, _ = image.partition("/")
    return host if slash and (set(".:") & set(host) or host == "localhost") else ""


def with_digest(image: str, digest: str) -> str:
    """Return the name that refers to exactly this build of an image, ``repository@digest``.

    Args:
        image: The image's name.
        digest: Its digest, ``sha256:…``.

    Raises:
        EngineError: The digest is not valid.
    """
    if not digest.startswith(DIGEST):
        raise EngineError(f"The build of {image!r} ended without a digest of the image: it reported {digest!r}.")
    return f"{repository(image)}@{digest}"


def target(image: str | None) -> str:
    """Return the name that an image is pushed to.

    Raises:
        UsageError: The image has no name.
    """
    if not image:
        raise UsageError(
            "The image has no name.",
            remedy="Pass the name to push it to, registry/repository:tag, such as docker.io/me/train:1.",
        )
    return image
