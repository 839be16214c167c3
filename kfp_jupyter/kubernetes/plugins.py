"""Programs that a kubeconfig names for logging in: kubelogin, aws, gke-gcloud-auth-plugin and others.

What such a program asks the user to do ("open this address, enter this code") is shown while it waits. Its protocol
is https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins.
"""

from __future__ import annotations

import atexit
import base64
import codecs
import contextlib
import dataclasses
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any

from kfp_jupyter.kubernetes.errors import ClusterConfigError
from kfp_jupyter.kubernetes.sources import Source
from kfp_jupyter.parsing import MANIFEST
from kfp_jupyter.parsing.files import read_file
from kfp_jupyter.parsing.objects import entries
from kfp_jupyter.printable import tidy
from kfp_jupyter.redaction import redact, remember_options, remember_secret, remember_variables

LONG = 3.0
"""Seconds after which a running program is taken for one that waits for the user."""

_POLL = 0.05
_GRACE = 1.0
"""Seconds to wait for the last output of a program that has ended, and for one to end that got a signal."""


@dataclasses.dataclass(frozen=True, slots=True)
class Credential:
    """What a program gives.

    Attributes:
        token: A bearer token; empty for none.
        certificate: A client's certificate, in PEM; empty for none.
        key: Its private key, in PEM.
        expires_at: When it expires, in seconds since 1970; None where the program doesn't say.
    """

    token: str = dataclasses.field(default="", repr=False)
    certificate: str = dataclasses.field(default="", repr=False)
    key: str = dataclasses.field(default="", repr=False)
    expires_at: float | None = None


class Plugin:
    """A program that logs in.

    Args:
        fields: What the kubeconfig says of it: ``command``, ``args``, ``env``, …
        cluster: What it says of the cluster.
        source: What leads to the API, for messages.
    """

    def __init__(self, fields: Mapping[str, Any], cluster: Mapping[str, Any], source: Source) -> None:
        self._fields, self._cluster, self._source = fields, cluster, source
        self.name = str(fields["command"])

    def run(self) -> Credential:
        """Run the program to its end, showing what it writes to its standard error.

        Raises:
            ClusterConfigError: It fails, gives no credentials, or is interrupted.
        """
        try:
            process = self._started()
        except OSError as error:
            raise self._failed(f"{error.strerror}") from None
        with _ended_with_us(process):
            try:
                output, said = _Words(process, self._waiting()).until_the_end()
            except KeyboardInterrupt:
                raise ClusterConfigError(
                    f"Logging in was interrupted: the program {self.name!r} was ended.",
                    remedy="Log in with your cluster's tool in a terminal, or try again.",
                ) from None
        if process.returncode:
            raise self._failed(f"process returned {process.returncode}. {said}".strip())
        return self._read(output)

    def _started(self) -> subprocess.Popen[bytes]:
        spec: dict[str, Any] = {"interactive": _is_interactive()}
        if self._fields.get("provideClusterInfo"):
            spec["cluster"] = _cluster_info(self._cluster)
        info = {"apiVersion": self._fields.get("apiVersion"), "kind": "ExecCredential", "spec": spec}
        more = {str(item["name"]): str(item["value"]) for item in entries(self._fields, "env")}
        words = [self.name, *map(str, self._fields.get("args") or ())]
        # What it is told, it may repeat where it fails.
        remember_variables(more)
        remember_options(words)
        return subprocess.Popen(
            words,
            stdin=None if _is_interactive() else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **more, "KUBERNETES_EXEC_INFO": json.dumps(info)},
            # What it starts ends with it; in a terminal, Ctrl-C reaches them all.
            start_new_session=not _is_interactive(),
        )

    def _waiting(self) -> str:
        return f"Waiting for the program {self.name!r}, which {self._source} names for logging in …\n"

    def _read(self, output: bytes) -> Credential:
        try:
            answer = json.loads(output)
            status = answer["status"]
            token, certificate, key = (
                str(status.get(field) or "") for field in ("token", "clientCertificateData", "clientKeyData")
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            raise self._failed("failed to decode its output, which is not an ExecCredential in JSON") from None
        for secret in (token, key):
            remember_secret(secret)
        if not token and not (certificate and key):
            raise self._failed("it gave no credentials")
        wanted = self._fields.get("apiVersion")
        if answer.get("apiVersion") != wanted:
            raise self._failed(f"it speaks {answer.get('apiVersion')}, the kubeconfig {wanted}")
        return Credential(token, certificate, key, _seconds(status.get("expirationTimestamp")))

    def _failed(self, words: str) -> ClusterConfigError:
        hint = " ".join(str(self._fields.get("installHint") or "").split())
        return ClusterConfigError(
            f"The program {self.name!r}, which {self._source} names for logging in, fails: {tidy(words)}.",
            remedy=hint or "Run it in a terminal, or log in again with your cluster's tool.",
        )


class _Words:
    """What a program writes: its standard output is kept, its standard error is shown.

    Args:
        process: The program.
        waiting: What is said when it takes long.
    """

    def __init__(self, process: subprocess.Popen[bytes], waiting: str) -> None:
        self._process, self._waiting = process, waiting
        self._output = b""
        self._pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        # What other threads write appears anywhere in a notebook: so only what the user has to read is shown.
        self._here = threading.current_thread() is threading.main_thread()
        self._line, self._said = "", ""

    def until_the_end(self) -> tuple[bytes, str]:
        """Return all of the output, and the last line that was said."""
        readers = [
            threading.Thread(target=work, name="kfp-jupyter-login", daemon=True)
            for work in (self._take_output, self._take_words)
        ]
        for reader in readers:
            reader.start()
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        late = time.monotonic() + LONG
        told, held = False, ""
        while self._process.poll() is None:
            words = self._next(decoder)
            if not told and time.monotonic() > late:
                told, words = True, held + words + self._waiting
            if self._here or told:
                _show(words)
            else:
                held += words
        # A program may leave others behind that keep its files open.
        for reader in readers:
            reader.join(_GRACE)
        while words := self._next(decoder):
            if self._here or told:
                _show(words)
        return self._output, self._said or self._line.strip()

    def _next(self, decoder: codecs.IncrementalDecoder) -> str:
        """Return the next whole lines, or a part of one that nothing follows: a question."""
        try:
            self._line += decoder.decode(self._pieces.get(timeout=_POLL))
            lines, end, self._line = self._line.rpartition("\n")
            words = lines + end
        except queue.Empty:
            words, self._line = self._line, ""
        self._said = next((line.strip() for line in reversed(words.splitlines()) if line.strip()), self._said)
        return words

    def _take_output(self) -> None:
        for piece in _pieces(self._process.stdout):
            self._output += piece

    def _take_words(self) -> None:
        for piece in _pieces(self._process.stderr):
            self._pieces.put(piece)


def _show(words: str) -> None:
    if words:
        sys.stderr.write(redact(words))
        sys.stderr.flush()


@contextlib.contextmanager
def _ended_with_us(process: subprocess.Popen[bytes]) -> Any:
    """End a program, and what it has started, when the caller stops waiting for it, or Python ends."""

    def end() -> None:
        if process.poll() is None:
            _tell(process, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)
        if process.poll() is None:
            _tell(process, signal.SIGKILL)
            process.wait()

    atexit.register(end)
    try:
        yield
    finally:
        end()
        atexit.unregister(end)


def _tell(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)


def _pieces(stream: IO[bytes] | None) -> Iterator[bytes]:
    while stream is not None and (piece := os.read(stream.fileno(), 1 << 16)):
        yield piece


def _is_interactive() -> bool:
    """Whether the user can answer: in a terminal, not in a notebook."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _cluster_info(cluster: Mapping[str, Any]) -> dict[str, Any]:
    """Return what programs get to know of a cluster: the fields of a kubeconfig, and the program's own among them."""
    info = {key: value for key, value in cluster.items() if key not in ("extensions", "certificate-authority")}
    file = cluster.get("certificate-authority")
    if file and "certificate-authority-data" not in info:
        info["certificate-authority-data"] = base64.b64encode(read_file(file, MANIFEST)).decode()
    for extension in entries(cluster, "extensions"):
        if extension.get("name") == "client.authentication.k8s.io/exec":
            info["config"] = extension.get("extension")
    return info


def _seconds(timestamp: Any) -> float | None:
    try:
        return datetime.fromisoformat(str(timestamp).replace("Z", "+00:00")).timestamp() if timestamp else None
    except ValueError:
        return None
