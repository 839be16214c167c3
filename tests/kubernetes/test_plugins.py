"""Programs that log in: what they say to people is seen while they run, and they end with whoever waits for them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes import plugins
from tests.kubernetes.api import Api, credential, kubeconfig, plugin

SECONDS = 60
"""Before something that has to happen counts as never happening."""

ASKS = "echo 'To sign in, open https://login.example/device and enter the code ABCD' >&2;"

CELL = """
import signal
# As in a kernel; a shell lets what it starts in the background ignore interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="nocolor")
shell.run_cell("%load_ext kfp_jupyter")
shell.run_cell("%kfp engine argo kubeconfig={kubeconfig}")
print("the cell has ended", flush=True)
"""


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_a_program_asks_for_is_seen_while_it_waits(
    tmp_path: Path, api: Api, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins, "LONG", 0.0)
    (tmp_path / "answer").touch()
    # It ends once somebody has read what it asks for.
    waits = f"while [ -e {tmp_path}/answer ]; do sleep 0.05; done"
    script = f"{ASKS} printf 'Password for alice: ' >&2; {waits}; cat $CREDENTIAL"
    seen: list[str] = []

    def person() -> None:
        until(lambda: "Password for alice: " in "".join(seen))
        (tmp_path / "answer").unlink()

    monkeypatch.setattr(sys.stderr, "write", seen.append)
    reader = threading.Thread(target=person)
    reader.start()
    ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, plugin(tmp_path, script)))).runs()
    reader.join()
    assert api.told == ["Bearer plugin-token"]
    shown = "".join(seen)
    assert "To sign in, open https://login.example/device and enter the code ABCD\n" in shown
    assert re.search(r"Waiting for the program 'sh', which the context 'c' of .* names for logging in", shown)


def test_a_program_that_is_quick_is_not_waited_for_in_words(
    tmp_path: Path, api: Api, capsys: pytest.CaptureFixture[str]
) -> None:
    ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, plugin(tmp_path, "cat $CREDENTIAL")))).runs()
    assert capsys.readouterr().err == ""


def test_a_program_s_words_show_no_credential(tmp_path: Path, api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    script = "echo 'got Bearer marked-in-the-log' >&2; cat $CREDENTIAL"
    ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, plugin(tmp_path, script)))).runs()
    assert capsys.readouterr().err == "got Bearer ***\n"


@pytest.mark.parametrize(
    "words", [["--client-secret=marked-x1"], ["--password", "marked-x1"], ["-api-key", "marked-x1"]]
)
def test_what_a_program_is_given_and_repeats_where_it_fails_is_left_out(
    tmp_path: Path, api: Api, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    user = plugin(tmp_path, 'echo "bad: $*, $MARKED_PAT" >&2; exit 1')
    user["exec"]["args"] += ["sh", *words]
    user["exec"]["env"] += [{"name": "MARKED_PAT", "value": "marked-variable"}]
    with pytest.raises(EngineError) as raised:
        ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, user))).runs()
    assert "bad: " in str(raised.value)
    assert "marked" not in str(raised.value) + capsys.readouterr().err


def test_in_the_background_only_what_takes_long_is_shown(
    tmp_path: Path, api: Api, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, plugin(tmp_path, f"{ASKS} cat $CREDENTIAL"))))
    quick = threading.Thread(target=engine.runs)
    quick.start()
    quick.join()
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(plugins, "LONG", -1.0)
    engine = ArgoEngine(
        kubeconfig=str(kubeconfig(tmp_path, api.url, plugin(tmp_path, f"{ASKS} sleep 0.5; cat $CREDENTIAL")))
    )
    slow = threading.Thread(target=engine.runs)
    slow.start()
    slow.join()
    shown = capsys.readouterr().err
    assert "enter the code ABCD" in shown
    assert "Waiting for the program 'sh'" in shown


def test_what_a_program_leaves_behind_is_not_waited_for(tmp_path: Path, api: Api) -> None:
    script = f"sleep 1000 & echo $! > {tmp_path}/left; cat $CREDENTIAL"
    ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, plugin(tmp_path, script)))).runs()
    os.kill(int((tmp_path / "left").read_text()), signal.SIGKILL)
    assert api.told == ["Bearer plugin-token"]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo one >&2; echo 'please log in first' >&2; exit 4", r"fails: process returned 4\. please log in first\."),
        ("kill -9 $$", r"fails: process returned -9\."),
        ("echo '{}'", r"fails: failed to decode its output, which is not an ExecCredential"),
        ("true", r"fails: failed to decode its output"),
        ("echo '[1]'", r"fails: failed to decode its output"),
        ("""echo '{"status": {}}'""", r"fails: it gave no credentials\."),
        ("""echo '{"status": {"clientCertificateData": "x"}}'""", r"fails: it gave no credentials\."),
        (
            """echo '{"apiVersion": "v9", "status": {"token": "x"}}'""",
            r"fails: it speaks v9, the kubeconfig client\.auth",
        ),
    ],
)
def test_a_program_that_gives_nothing_is_named_with_its_last_words(
    tmp_path: Path, api: Api, script: str, words: str
) -> None:
    with pytest.raises(EngineError, match=rf"The program 'sh', which the context 'c' .*{words}"):
        ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, plugin(tmp_path, script)))).runs()


def test_a_program_beside_the_kubeconfig_is_found_there(tmp_path: Path, api: Api) -> None:
    program = tmp_path / "bin" / "log-in"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ncat <<END\n{credential('beside')}\nEND\n")
    program.chmod(0o755)
    user = plugin(tmp_path, "", command="bin/log-in", args=None)
    ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, user))).runs()
    assert api.told == ["Bearer beside"]


def test_a_program_is_told_of_the_cluster_where_it_wants_to_be(tmp_path: Path, api: Api) -> None:
    script = f"echo $KUBERNETES_EXEC_INFO > {tmp_path}/info; cat $CREDENTIAL"
    user = plugin(tmp_path, script, provideClusterInfo=True)
    extension = {"name": "client.authentication.k8s.io/exec", "extension": {"audience": "me"}}
    ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, user, extensions=[extension]))).runs()
    info = (tmp_path / "info").read_text()
    assert f'"cluster": {{"server": "{api.url}", "config": {{"audience": "me"}}}}' in info
    assert '"interactive": false' in info


def test_an_interrupt_ends_the_program_and_the_cell_in_one_line(tmp_path: Path, api: Api) -> None:
    script = f"{ASKS} sleep 1000 & echo $! > {tmp_path}/waits; wait"
    file = kubeconfig(tmp_path, api.url, plugin(tmp_path, script))
    process = subprocess.Popen(
        [sys.executable, "-c", CELL.replace("{kubeconfig}", str(file))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    waits = tmp_path / "waits"
    until(lambda: waits.exists() and waits.read_text().strip())
    # As Jupyter does it: to the whole group.
    os.killpg(process.pid, signal.SIGINT)
    shown, _ = process.communicate(timeout=SECONDS)
    assert ": Logging in was interrupted: the program 'sh' was ended." in shown
    assert "the cell has ended" in shown
    assert len(shown.splitlines()) < 8, shown
    until(lambda: not Path("/proc", waits.read_text().strip()).exists())
