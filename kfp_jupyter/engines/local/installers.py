"""Puts packages into a layer, with uv where it is at hand, else with pip.

Index settings are the user's own (environment variables, configuration files) and reach the installer untouched.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kfp_jupyter.engines.local.environments import Environment, Interpreter
from kfp_jupyter.engines.local.processes import Processes, Stopped
from kfp_jupyter.errors import EngineError
from kfp_jupyter.redaction import redact, remember_address, without_credentials

# Where pip reads another index than the public one. uv doesn't read them, and would look in the wrong place.
_PIP_SETTINGS = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_CONFIG_FILE")
_UV_SETTINGS = ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "UV_NO_INDEX", "UV_CONFIG_FILE")

_LAST_WORDS = 5.0
"""Seconds that are waited for the last words of an installer that has ended."""

_ADDED = re.compile(
    r"^ \+ (?P<name>\S+?)(?:==(?P<version>\S+)(?: \(from (?P<url>\S+)\))?| @ (?P<at>\S+))$", re.MULTILINE
)
"""A line of uv's plan; of what comes by an address, a dry run gives the address alone."""


class Installer:
    """Runs uv or pip for one step.

    Args:
        python: The notebook's.
        isolated: Whether the notebook's packages don't count.
        has_pip: Whether layers see a pip.
        processes: Where the installer is run.
        log: Takes what it says.
        record: Names its process while it runs.
        refresh: Whether what an earlier install has kept doesn't count.
    """

    def __init__(
        self,
        python: Interpreter,
        isolated: bool,
        has_pip: bool,
        processes: Processes,
        log: IO[bytes],
        record: Path,
        *,
        refresh: bool,
    ) -> None:
        self._refresh = refresh
        self._python = python
        self._isolated = isolated
        self._has_pip = has_pip
        self._processes = processes
        self._log = log
        self._record = record

    def check_stopped(self) -> None:
        """Raise `Stopped` when the run is being stopped."""
        if self._processes.stopping:
            raise Stopped

    def install(self, layer: Environment, requirements: Sequence[str]) -> None:
        """Install packages, and what they need, into a new layer.

        Args:
            layer: The environment to install into.
            requirements: Requirements, as pip takes them.

        Raises:
            EngineError: It failed; the message has the installer's last words.
            Stopped: The run is being stopped.
        """
        for address in _addresses(requirements):
            remember_address(address)
        env = layer.variables(os.environ, [], self._isolated) | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "NO_COLOR": "1"}
        try:
            uv = shutil.which("uv", path=os.pathsep.join((self._python.scripts, env["PATH"])))
            if uv and uv_fits(os.environ):
                self._with_uv(uv, layer, requirements, env)
            elif self._has_pip:
                # pip sees the packages below the layer and installs what they lack.
                pip = [str(layer.executable), "-m", "pip", "install", "--quiet", "--no-input", "--progress-bar=off"]
                pip += ["--no-cache-dir"] if self._refresh else []
                self._run([*pip, "--no-warn-script-location", *requirements], env, layer)
            else:
                raise _InstallError("this Python has neither uv nor pip")
        except _InstallError as error:
            names = ", ".join(map(repr, requirements))
            these = f"the package {names}" if len(requirements) == 1 else f"the packages {names}"
            raise EngineError(f"{these} can't be installed: {error}") from None

    def _with_uv(self, uv: str, layer: Environment, requirements: Sequence[str], env: Mapping[str, str]) -> None:
        wanted = list(requirements)
        refresh = ["--refresh"] if self._refresh else []
        options = list(refresh)
        if not self._isolated:
            # uv sees one environment at a time. What it would add to the notebook's is what the layer gets; nothing
            # happens to the notebook's, so one that belongs to the system is no obstacle either.
            plan = [uv, "pip", "install", "--dry-run", "--break-system-packages", "--python", self._python.executable]
            wanted = _added(self._run([*plan, *refresh, *wanted], env, layer), requirements)
            options = [*refresh, "--no-deps"]
        if wanted:
            self._run([uv, "pip", "install", *options, "--python", str(layer.executable), *wanted], env, layer)

    def _run(self, argv: Sequence[str], env: Mapping[str, str], layer: Environment) -> str:
        """Run an installer; return what it said."""
        with _without_credentials(self._log) as (sink, lines):
            code = self._processes.run(
                argv, env=env, cwd=layer.path, log=sink, record=self._record, started=lambda: None
            )
        self.check_stopped()
        said = "".join(lines)
        if code:
            raise _InstallError(last_words(said) or f"{Path(argv[0]).name} ended with exit code {code}")
        return said


class _InstallError(Exception):
    """An installer said no."""


def uv_fits(environ: Mapping[str, str]) -> bool:
    """Tell whether uv looks for packages where the user wants: it doesn't read pip's settings."""
    if any(name in environ for name in _UV_SETTINGS):
        return True
    home = Path(environ.get("HOME", "/"))
    config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = (Path("/etc/pip.conf"), home / ".pip/pip.conf", config / "pip/pip.conf", Path(sys.prefix, "pip.conf"))
    return not any(name in environ for name in _PIP_SETTINGS) and not any(file.exists() for file in files)


def last_words(said: str) -> str:
    """Return the reason at the end of what pip or uv has said."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    marked = [number for number, line in enumerate(lines) if line.startswith(("╰─▶", "×", "error:"))]
    if marked:
        return " ".join(re.sub(r"^(╰─▶|×|│|error:)\s*", "", line) for line in lines[marked[-1] :])
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    return errors[-1] if errors else "".join(lines[-1:])


@contextmanager
def _without_credentials(log: IO[bytes]) -> Iterator[tuple[IO[bytes], list[str]]]:
    """Give what a program may write to instead of a log, and the lines that come; the log gets them as they come.

    Args:
        log: The log, in which no credential is to be.
    """
    lines: list[str] = []
    end, start = os.pipe()

    def hand_on() -> None:
        with os.fdopen(end, "rb") as written:
            for line in written:
                lines.append(redact(line.decode(errors="replace")))
                log.write(lines[-1].encode())
                log.flush()

    thread = threading.Thread(target=hand_on, name="kfp-jupyter-installer-log", daemon=True)
    thread.start()
    try:
        with os.fdopen(start, "wb") as sink:
            yield sink, lines
    finally:
        # What the program has left behind may keep it open, and is about to be ended.
        thread.join(_LAST_WORDS)


def _addresses(requirements: Sequence[str]) -> dict[str, str]:
    """Return the address of each requirement that has one, with the requirement: ``https://…`` or ``x @ https://…``."""
    found = ((re.search(r"\S+://\S+", text), text) for text in requirements)
    return {match[0]: text for match, text in found if match}


def _added(plan: str, requirements: Sequence[str]) -> list[str]:
    """Return what a dry run of uv would add; what was asked for by an address, as it was asked for."""
    # In what uv says an address has no password.
    asked = {without_credentials(address): text for address, text in _addresses(requirements).items()}
    added = []
    for match in _ADDED.finditer(plan):
        address = match["url"] or match["at"]
        by_name = f"{match['name']} @ {address}" if address else f"{match['name']}=={match['version']}"
        added.append(asked.get(without_credentials(address), by_name) if address else by_name)
    return added
