"""Which packages a step sees: the notebook's own, and layers with what it asks for beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO

from kfp_jupyter.engines.local.environments import Environment, Interpreter
from kfp_jupyter.engines.local.package_contents import UNKNOWN, content_digests
from kfp_jupyter.engines.local.pip import find_pip
from kfp_jupyter.engines.local.processes import Processes


class PackageStore:
    """The packages of one Python, and the layers made for it.

    Args:
        folder: Where layers are kept, shared by all runs.
        python: What steps run with.
        processes: Where installers are run.
        own: Where layers are kept that are this run's alone; made when the first is.
    """

    def __init__(self, folder: Path, python: Interpreter, processes: Processes, own: Path) -> None:
        self.folder = folder
        self._own = own
        self.python = python
        self._processes = processes

    @cached_property
    def fingerprint(self) -> str:
        """A word that changes when a package of the notebook does."""
        words = [self.python.tag, *sorted(_distributions(self.python.sites))]
        return hashlib.sha256("\n".join(words).encode()).hexdigest()[:16]

    @cached_property
    def _pip(self) -> str | None:
        return find_pip(self.python, self.folder)

    def layer(
        self,
        requirements: Sequence[str],
        isolated: bool,
        log: IO[bytes],
        record: Path,
        report: Callable[[str], None],
    ) -> Environment | None:
        """Return the layer that has all of the requirements which the notebook lacks; None if it lacks none.

        Args:
            requirements: As pip takes them.
            isolated: Whether the notebook's packages count.
            log: Takes what the installer says.
            record: Names the installer's process while it runs.
            report: Told in words what is being done, if it takes time.

        Raises:
            EngineError: A package can't be installed.
            Stopped: The run is being stopped.
        """
        # Lazy, because heavy: parsing requirements and package metadata takes longer to import than a step to start,
        # and most steps ask for no package.
        from kfp_jupyter.engines.local.installers import Installer  # noqa: PLC0415 - see above
        from kfp_jupyter.engines.local.package_layers import LayerBase, LayerMaker, unmet  # noqa: PLC0415 - see above

        sites, extra = self.below(None, isolated)
        lacking = unmet(requirements, () if isolated else self.python.sites, self.python)
        if not lacking:
            return None
        held = content_digests(lacking)
        key = " ".join((f"isolated {self.python.tag}" if isolated else self.fingerprint, *held))
        # What an address holds may be another thing tomorrow: its layer serves this run and goes with it.
        folder = self._own if UNKNOWN in held else self.folder / "layers"
        installer = Installer(
            self.python, isolated, self._pip is not None, self._processes, log, record, refresh=bool(held)
        )
        return LayerMaker(folder, LayerBase(self.python, key, sites, extra), installer).layer(lacking, report)

    def below(self, layer: Environment | None, isolated: bool) -> tuple[list[str], list[str]]:
        """Return the site directories and further paths that a step's environment lies over.

        Args:
            layer: The package layer; None for none.
            isolated: Whether the step runs without the notebook's packages.
        """
        sites = [str(layer.site)] if layer else []
        if not isolated:
            sites += self.python.sites
        # Pip comes last, alone in its directory: whatever else brings a pip wins.
        pip = self._pip if isolated or not self._has_pip else None
        return sites, [pip] if pip else []

    @cached_property
    def _has_pip(self) -> bool:
        return any(Path(path, "pip", "__init__.py").exists() for path in self.python.sites)

    def scripts(self, layer: Environment | None, isolated: bool) -> list[str]:
        """Return the directories of programs that a step finds behind its own.

        Args:
            layer: The package layer; None for none.
            isolated: Whether the step runs without the notebook's packages.
        """
        return ([str(layer.scripts)] if layer else []) + ([] if isolated else [self.python.scripts])


def _distributions(sites: Sequence[str]) -> list[str]:
    """Return the names of the metadata directories: name and version of each package, without reading any."""
    kinds = (".dist-info", ".egg-info", ".egg-link")
    return [entry.name for path in sites for entry in Path(path).iterdir() if entry.suffix in kinds]
