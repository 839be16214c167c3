"""Builds with the docker or podman of this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from kfp_jupyter.errors import EngineError
from kfp_jupyter.images.reference import registry, repository, target, with_digest
from kfp_jupyter.parsing.json_reader import read_json
from kfp_jupyter.redaction import redact

PROGRAMS = ("docker", "podman")

ANSWER_SECONDS = 20
"""How long a program may take to say that it works."""


def write_line(line: str) -> None:
    """Show a line of a build's progress on standard output; credentials in it are hidden."""
    sys.stdout.write(f"{redact(line)}\n")
    sys.stdout.flush()


def local_program() -> str:
    """Return the first of docker and podman that is installed and responds; empty if neither does."""
    for program in PROGRAMS:
        # The docker client alone is no help: `info` asks the daemon, and on some systems podman's machine.
        if shutil.which(program) and _answers(program):
            return program
    return ""


def _answers(program: str) -> bool:
    question = [program, "version", "--format", "{{.Server.Version}}"] if program == "docker" else [program, "info"]
    try:
        return not subprocess.run(question, capture_output=True, timeout=ANSWER_SECONDS, check=False).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


class LocalBuilder:
    """Builds with docker or podman, and pushes with its login.

    Args:
        program: ``docker`` or ``podman``.
        default_image_name: Where images go unless the build says so.
        push: Whether images are pushed. An image that isn't is known to this machine alone, and its name is returned
            without a digest.
        show: Takes the build's output, line by line.
    """

    def __init__(
        self,
        program: str,
        default_image_name: str | None = None,
        *,
        push: bool = True,
        show: Callable[[str], None] = write_line,
    ) -> None:
        self._program = program
        self._default_image_name = default_image_name
        self._push = push
        self._show = show

    def build(
        self,
        local_dir: str | os.PathLike[str],
        docker_filename: str = "Dockerfile",
        target_image: str | None = None,
        timeout: float = 1000,
    ) -> str:
        """Build and push an image; see `Builder.build`.

        Raises:
            EngineError: The build or the push failed, or took too long.
            UsageError: The image has no name.
        """
        image = target(target_image or self._default_image_name)
        deadline = time.monotonic() + timeout
        dockerfile = Path(local_dir) / docker_filename
        self._run(["build", "--file", dockerfile, "--tag", image, local_dir], f"build of {image!r}", deadline)
        if not self._push:
            return image
        digest = self._pushed(image, deadline)
        return with_digest(image, digest)

    def _pushed(self, image: str, deadline: float) -> str:
        what = f"push of {image!r}"
        if self._program == "docker":
            self._run(["push", image], what, deadline)
            return self._digest_known_to_docker(image)
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory) / "digest"
            # As docker does by itself: a registry on this machine has no certificate.
            plain = ["--tls-verify=false"] if registry(image).partition(":")[0] in ("localhost", "127.0.0.1") else []
            self._run(["push", *plain, "--digestfile", file, image], what, deadline)
            return file.read_text()

    def _digest_known_to_docker(self, image: str) -> str:
        question = [self._program, "image", "inspect", "--format", "{{json .RepoDigests}}", image]
        answer = subprocess.run(question, capture_output=True, text=True, check=False)
        names: list[str] = (read_json(answer.stdout) or []) if not answer.returncode else []
        found = (name.partition("@") for name in names)
        return next((digest for name, _, digest in found if _short(name) == _short(repository(image))), "")

    def _run(self, words: Sequence[str | os.PathLike[str]], what: str, deadline: float) -> None:
        command = [self._program, *words]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            late = threading.Event()

            def give_up() -> None:
                late.set()
                _end(process)

            alarm = threading.Timer(max(0.0, deadline - time.monotonic()), give_up)
            alarm.start()
            last = ""
            try:
                for line in process.stdout or ():
                    last = line.strip() or last
                    self._show(line.rstrip("\n"))
                code = process.wait()
            finally:
                alarm.cancel()
                _end(process)
        if late.is_set():
            raise EngineError(f"The {what} took too long.", remedy="Set a longer timeout=…, in seconds.")
        if code:
            raise EngineError(f"The {what} with {self._program} failed: {last or f'exit code {code}'}.")


def _short(name: str) -> str:
    """Return an image's name as Docker prints it, without the default registry and namespace."""
    return name.removeprefix("docker.io/").removeprefix("library/")


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
