"""The Python environment of a step: its own directory, laid over what the notebook has.

It has the shape of a virtual environment, so `pip install` inside a step installs there and nowhere else, and
pip doesn't uninstall what lies outside. A `.pth` file adds, in this order, the cached packages the step asked for
and the notebook's own packages.
"""

from __future__ import annotations

import dataclasses
import os
import re
import shlex
import site
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from pathlib import Path

from kfp_jupyter.engines.local.bootstrap import code, package_directory
from kfp_jupyter.errors import EngineError
from kfp_jupyter.parsing.json_reader import read_json

# Set by a kernel or a user for another interpreter, place or terminal than a step's.
_DROPPED = {"PYTHONHOME", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"}
_DROPPED |= {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_USER", "FORCE_COLOR", "CLICOLOR"}
_DROPPED |= {"UV_SYSTEM_PYTHON", "UV_PYTHON", "UV_TARGET", "UV_PREFIX", "UV_PROJECT_ENVIRONMENT"}


# What a notebook server and its hub are reached and entered with (jupyter_server's and JupyterHub's documentation).
_SERVER = re.compile(r"JPY_.*|(JUPYTER|CONFIGPROXY).*(TOKEN|SECRET|PASSWORD|PWD|COOKIE|CRYPT|KEY|AUTH|CREDENTIAL).*")


def without_server(environ: Mapping[str, str]) -> dict[str, str]:
    """Return environment variables without those that grant access to the notebook server or its hub."""
    return {key: value for key, value in environ.items() if not _SERVER.fullmatch(key)}


@dataclasses.dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that steps run with, and what it sees.

    Attributes:
        executable: The one the notebook uses, perhaps a virtual environment's.
        base: The one behind it, which environments are made of.
        version: As in ``3.11.7``.
        tag: Implementation, version and platform: what compiled packages must fit.
        sites: Its site directories, in the order of ``sys.path``.
        scripts: Where its programs are.
    """

    executable: str
    base: str
    version: str
    tag: str
    sites: tuple[str, ...]
    scripts: str

    @property
    def name(self) -> str:
        """The name with its version, as in ``python3.11``."""
        return "python" + ".".join(self.version.split(".")[:2])


def interpreter(executable: str) -> Interpreter:
    """Return what there is to know of a Python; asks it, unless it is the running one.

    Raises:
        EngineError: It can't be started.
    """
    if executable == sys.executable:
        return describe()
    program = code(
        "import json, dataclasses; from kfp_jupyter.engines.local.environments import describe\n"
        "print(json.dumps(dataclasses.asdict(describe())))"
    )
    try:
        answer = subprocess.run(
            [executable, "-c", program, package_directory()], capture_output=True, check=True, stdin=subprocess.DEVNULL
        )
        described = read_json(answer.stdout)
        return Interpreter(**described | {"sites": tuple(described["sites"])})
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        raise EngineError(f"The Python {executable!r} can't be used for steps: {error}.") from None
    except (TypeError, KeyError):
        raise EngineError(
            f"The Python {executable!r} can't be used for steps: it is not a Python interpreter."
        ) from None


def describe() -> Interpreter:
    """Describe the running Python."""
    sites = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), *site.getsitepackages()]
    if site.ENABLE_USER_SITE:
        sites.insert(0, site.getusersitepackages())
    version = ".".join(map(str, sys.version_info[:3]))
    return Interpreter(
        executable=sys.executable,
        base=getattr(sys, "_base_executable", "") or sys.executable,
        version=version,
        tag=f"{sys.implementation.cache_tag}-{version}-{sysconfig.get_platform()}",
        sites=tuple(path for path in dict.fromkeys(sites) if Path(path).is_dir()),
        scripts=sysconfig.get_path("scripts"),
    )


class Environment:
    """A directory that is a virtual environment.

    Args:
        path: The directory.
        python: What it is made of.
    """

    def __init__(self, path: Path, python: Interpreter) -> None:
        self.path = path
        self.scripts = path / "bin"
        self.executable = self.scripts / "python"
        self.site = path / "lib" / python.name / "site-packages"
        self._python = python

    def create(self, sites: Iterable[str], extra_paths: Iterable[str] = ()) -> None:
        """Make it: what `venv` makes with links, in a tenth of the time, and a `pip` of its own on its PATH.

        Args:
            sites: Site directories to see, the first one first; their ``.pth`` files are honoured.
            extra_paths: Directories behind them.
        """
        self.scripts.mkdir(parents=True)
        self.site.mkdir(parents=True)
        if sys.maxsize > 2**32 and sys.platform != "darwin":
            (self.path / "lib64").symlink_to("lib")
        for name in ("python", "python3", self._python.name):
            (self.scripts / name).symlink_to(self._python.base)
        home = Path(self._python.base).parent
        config = f"home = {home}\ninclude-system-site-packages = false\nversion = {self._python.version}\n"
        (self.path / "pyvenv.cfg").write_bytes(os.fsencode(config))
        # `import` lines, because a plain path would leave out what the .pth files over there add. ASCII alone, because
        # Python reads them in the encoding of the user's locale.
        lines = [f"import site; site.addsitedir({path!a})" for path in sites]
        lines += [f"import sys; sys.path.append({path!a})" for path in extra_paths]
        (self.site / "_below.pth").write_text("\n".join(lines) + "\n", encoding="ascii")
        # Without these, the notebook's own `pip` would be found on PATH, and install there.
        script = f'#!/bin/sh\nexec {shlex.quote(str(self.executable))} -m pip "$@"\n'
        for name in ("pip", "pip3"):
            (self.scripts / name).write_bytes(os.fsencode(script))
            (self.scripts / name).chmod(0o755)

    def variables(self, environ: Mapping[str, str], scripts: Iterable[str], isolated: bool) -> dict[str, str]:
        """Return the environment variables that make a process use it.

        Args:
            environ: What the process would have otherwise.
            scripts: Directories of programs behind its own.
            isolated: Whether modules that the user's variables point at are out of sight.
        """
        dropped = _DROPPED | {"PYTHONPATH"} if isolated else _DROPPED
        result = {key: value for key, value in without_server(environ).items() if key not in dropped}
        if result.get("MPLBACKEND", "").startswith("module://"):
            # A kernel's: it draws into cells.
            del result["MPLBACKEND"]
        path = [str(self.scripts), *scripts, environ.get("PATH", os.defpath)]
        return result | {
            "PATH": os.pathsep.join(path),
            "VIRTUAL_ENV": str(self.path),
            "PYTHONUNBUFFERED": "1",
            # A configuration with `user = true` would make every install inside a step fail.
            "PIP_USER": "0",
        }
