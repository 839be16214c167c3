"""The Python packages of an image."""

from __future__ import annotations

from collections.abc import Sequence


class VersionedDependency:
    """A Python package and its accepted versions.

    Args:
        name: The package.
        version: The only accepted version; the other two are ignored then.
        min_version: The oldest accepted version.
        max_version: The newest accepted version.
    """

    def __init__(
        self,
        name: str,
        version: str | None = None,
        min_version: str | None = None,
        max_version: str | None = None,
    ) -> None:
        self._name = name
        self.min_version = min_version if version is None else version
        self.max_version = max_version if version is None else version

    @property
    def name(self) -> str:
        """The package."""
        return self._name

    def has_min_version(self) -> bool:
        """Whether there is an oldest version."""
        return self.min_version is not None

    def has_max_version(self) -> bool:
        """Whether there is a newest version."""
        return self.max_version is not None

    def has_versions(self) -> bool:
        """Whether the accepted versions are limited."""
        return self.has_min_version() or self.has_max_version()

    def __str__(self) -> str:
        bounds = ((">=", self.min_version), ("<=", self.max_version))
        limits = [f" {relation} {version}" for relation, version in bounds if version is not None]
        return self._name + ",".join(limits)

    def __repr__(self) -> str:
        return f"<{self}>"


def requirements_text(dependencies: Sequence[VersionedDependency]) -> str:
    """Return the requirements.txt of some packages; if a package is named twice, the later one wins."""
    by_name = {dependency.name: dependency for dependency in dependencies}
    return "".join(f"{dependency}\n" for dependency in by_name.values())
