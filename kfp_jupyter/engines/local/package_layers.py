"""Layers: packages that steps ask for and the notebook lacks, installed once and shared.

A layer is a virtual environment over the notebook's, never installed into by anything but the install that made it.
"""

from __future__ import annotations

import dataclasses
import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from kfp_jupyter.engines.local import safe_paths
from kfp_jupyter.engines.local.disk_errors import disk_error
from kfp_jupyter.engines.local.environments import Environment, Interpreter
from kfp_jupyter.engines.local.installers import Installer
from kfp_jupyter.errors import EngineError

_POLL = 0.05


@dataclasses.dataclass(frozen=True, slots=True)
class LayerBase:
    """What a layer lies over.

    Attributes:
        python: What it is made of.
        key: A word that changes with what is below.
        sites: Site directories below it; none for a layer of isolated steps, apart from pip's.
        extra: Directories behind them.
    """

    python: Interpreter
    key: str
    sites: Sequence[str]
    extra: Sequence[str]


class LayerMaker:
    """Finds a layer, or makes it.

    Args:
        folder: Where layers are kept.
        ground: What they lie over.
        installer: Puts packages into one.
    """

    def __init__(self, folder: Path, ground: LayerBase, installer: Installer) -> None:
        self._folder = folder
        self._ground = ground
        self._installer = installer

    def layer(self, requirements: Sequence[str], report: Callable[[str], None]) -> Environment:
        """Return the layer with these packages.

        Args:
            requirements: What it must have.
            report: Told in words what is being done.

        Raises:
            EngineError: A package can't be installed.
            Stopped: The run is being stopped.
        """
        text = "\n".join((self._ground.key, self._ground.python.base, *sorted(requirements)))
        target = self._folder / hashlib.sha256(text.encode()).hexdigest()[:24]
        layer = Environment(target, self._ground.python)
        if target.is_dir():
            return layer
        _check_encoding(self._folder)
        names = ", ".join(requirements)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._locked(target.with_suffix(".lock"), lambda: report(f"waiting for a step that installs {names}")):
                if not target.is_dir():
                    report(f"installing {names}")
                    self._make(target, requirements)
        except OSError as error:
            raise EngineError(disk_error("to install packages", self._folder, error)) from None
        return layer

    def _make(self, target: Path, requirements: Sequence[str]) -> None:
        """Install beside the target and rename: a layer is complete or it isn't there."""
        temporary = Path(tempfile.mkdtemp(dir=self._folder, prefix=".new-"))
        try:
            layer = Environment(temporary / "layer", self._ground.python)
            layer.create(self._ground.sites, self._ground.extra)
            own = {program.name for program in layer.scripts.iterdir()}
            self._installer.install(layer, requirements)
            for program in layer.scripts.iterdir():
                if program.name not in own and not program.is_symlink():
                    _use_path(program, layer.scripts)
            layer.path.rename(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    @contextmanager
    def _locked(self, file: Path, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold a lock that other runs and steps respect; stop waiting when the run is stopped."""
        # For its owner alone: any user who may read a file may lock it.
        with safe_paths.append(file) as descriptor:
            told = False
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    self._installer.check_stopped()
                    if not told:
                        waiting()
                    told = True
                    time.sleep(_POLL)
            yield


def _check_encoding(folder: Path) -> None:
    """Refuse a place in which no installer can install: what they write into programs is UTF-8."""
    name = os.fsencode(folder)
    try:
        name.decode()
    except UnicodeDecodeError:
        raise EngineError(
            f"Packages can't be installed in {name.decode(errors='backslashreplace')}: its path is not UTF-8.",
            remedy="Keep runs and packages elsewhere: set KFP_JUPYTER_RUNS and KFP_JUPYTER_CACHE.",
        ) from None


def _use_path(program: Path, scripts: Path) -> None:
    """Let PATH decide which Python a program runs with: the one it names is about to move, and the step has its own."""
    content = program.read_bytes()
    line, newline, rest = content.partition(b"\n")
    if line.startswith(b"#!" + os.fsencode(scripts)):
        program.write_bytes(b"#!/usr/bin/env " + line.rpartition(b"/")[2] + newline + rest)


def unmet(requirements: Iterable[str], sites: Sequence[str], python: Interpreter) -> list[str]:
    """Return the requirements that packages in some site directories don't meet.

    Args:
        requirements: As pip takes them; what isn't a name with a version (a file, a link) is always missing.
        sites: Site directories.
        python: The Python they belong to.
    """
    versions: dict[str, importlib.metadata.Distribution] = {}
    for distribution in importlib.metadata.distributions(path=list(sites)):
        # The first one found is the one that is imported.
        versions.setdefault(canonicalize_name(distribution.metadata["Name"] or ""), distribution)
    environment = {str(key): str(value) for key, value in default_environment().items()}
    environment |= {"python_version": ".".join(python.version.split(".")[:2]), "python_full_version": python.version}
    return [text for text in requirements if not _is_met(text, versions, environment, frozenset())]


def _is_met(
    text: str,
    versions: dict[str, importlib.metadata.Distribution],
    environment: dict[str, str],
    above: frozenset[str],
) -> bool:
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return False
    if requirement.marker and not requirement.marker.evaluate(environment | {"extra": ""}):
        return True
    distribution = versions.get(canonicalize_name(requirement.name))
    if distribution is None or requirement.url:
        return False
    if not requirement.specifier.contains(distribution.version, prereleases=True):
        return False
    if not requirement.extras or text in above:
        return True
    needed = [Requirement(line) for line in distribution.requires or ()]
    wanted = [
        f"{r.name}{'[' + ','.join(sorted(r.extras)) + ']' if r.extras else ''}{r.specifier}"
        for r in needed
        for extra in requirement.extras
        if r.marker and r.marker.evaluate(environment | {"extra": extra})
        and not r.marker.evaluate(environment | {"extra": ""})
    ]  # fmt: skip
    return all(_is_met(line, versions, environment, above | {text}) for line in wanted)
