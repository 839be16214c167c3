"""A pip for environments that have none of their own."""

from __future__ import annotations

import hashlib
import shutil
import sysconfig
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from kfp_jupyter.engines.local.environments import Interpreter


def find_pip(python: Interpreter, folder: Path) -> str | None:
    """Return a directory that holds pip and nothing else; None when this Python came without any.

    Args:
        python: Whose pip is wanted: the notebook's, else the one `ensurepip` brings.
        folder: Where such directories are kept.
    """
    for site in map(Path, python.sites):
        if (site / "pip" / "__init__.py").exists():
            return _keep(folder, [site / "pip", *site.glob("pip-*.dist-info")])
    wheel = _bundled_wheel()
    return _keep(folder, [wheel]) if wheel else None


def _bundled_wheel() -> Path | None:
    folders = [Path(sysconfig.get_path("stdlib"), "ensurepip", "_bundled"), Path("/usr/share/python-wheels")]
    wheels = [wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))]
    return wheels[0] if wheels else None


def _keep(folder: Path, sources: Sequence[Path]) -> str:
    """Make the directory, once: links to a pip that is installed, or what a wheel holds."""
    digest = hashlib.sha256("\n".join(map(str, sources)).encode()).hexdigest()[:16]
    target = folder / "pip" / digest
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(dir=target.parent))
        for source in sources:
            if source.suffix == ".whl":
                with zipfile.ZipFile(source) as wheel:
                    wheel.extractall(temporary)
            else:
                (temporary / source.name).symlink_to(source)
        try:
            temporary.rename(target)
        except OSError:
            # Another run was faster.
            shutil.rmtree(temporary)
    return str(target)
