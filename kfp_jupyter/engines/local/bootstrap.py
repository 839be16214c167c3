"""How another Python process finds this very package, and only the parts of it that it needs."""

from __future__ import annotations

from pathlib import Path


def package_directory() -> str:
    """Return the directory of ``kfp_jupyter``."""
    return str(Path(__file__).resolve().parents[2])


def code(text: str) -> str:
    """Return program text for ``python -c`` that can import from this package; its first argument is where that is.

    However this package came to be importable here (installed, PYTHONPATH, a path added later), it is the same
    files over there. The package's own ``__init__`` is left out: it brings the compiler, which takes longer to
    import than a step takes to run.
    """
    return (
        "import sys, types\n"
        "package = types.ModuleType('kfp_jupyter')\n"
        "package.__path__ = [sys.argv.pop(1)]\n"
        "sys.modules['kfp_jupyter'] = package\n"
        f"{text}\n"
    )
