"""A marked credential is put into every place there is; no output of any magic may show it."""

from __future__ import annotations

import base64
import html
import json
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from kfp_jupyter.magics.session import Session
from kfp_jupyter.magics.tracebacks import redact_threads
from tests.kubernetes.api import Api, credential, kubeconfig, plugin, serving
from tests.magics.conftest import Notebook, Ran

MARK = "Marked+Secret/0123&4"
"""It looks different in every encoding."""

NOBODY = "http://127.0.0.1:9"

PIPELINE = ("%%component\ndef one() -> int:\n    return 1", "%%pipeline\ndef p():\n    one()")

MAGICS = (
    "%kfp",
    "%kfp engine",
    "%kfp runs",
    "%kfp submit p",
    "%kfp attach run-1",
    "%kfp logs run-1 one",
    "%kfp stop run-1",
    "%kfp schedule",
    "%kfp doctor argo",
)
"""What asks a cluster, and shows what it says."""


def quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def forms(secret: str = MARK) -> set[str]:
    """What a credential looks like in texts of libraries."""
    encoded = {base64.b64encode(data).decode().rstrip("=") for data in (secret.encode(), f"alice:{secret}".encode())}
    return {secret, quoted(secret), urllib.parse.quote(secret), html.escape(secret), repr(secret)[1:-1], *encoded}


def all_of(ran: Ran) -> str:
    """Everything that a cell has put into the notebook, and all that is in its error."""
    shown = [
        ran.printed,
        json.dumps(ran.shown, ensure_ascii=False),
        *(str(v) for data in ran.shown for v in data.values()),
    ]
    error = ran.error
    if error is not None:
        shown += [str(error), repr(error), str(error.args), type(error).__name__]
    return "\n".join(shown)


Source = Callable[[Path, str], str]
"""Puts the credential somewhere below a folder, for an API; returns the options of the engine."""


def in_user(**user: Any) -> Source:
    return lambda folder, url: f"kubeconfig={kubeconfig(folder, url, user)}"


def in_cluster(field: str, value: str) -> Source:
    return lambda folder, url: f"kubeconfig={kubeconfig(folder, url, {'token': 't'}, **{field: value})}"


def in_token_file(folder: Path, url: str) -> str:
    (folder / "token").write_text(f"{MARK}\n")
    return f"kubeconfig={kubeconfig(folder, url, {'tokenFile': 'token'})}"


def in_server_address(folder: Path, url: str) -> str:
    return f"kubeconfig={kubeconfig(folder, url.replace('://', f'://alice:{quoted(MARK)}@'))}"


def by_plugin(script: str) -> Source:
    def write(folder: Path, url: str) -> str:
        (folder / "credential.json").write_text(credential(MARK))
        user = plugin(folder, script)
        user["exec"]["env"].append({"name": "LOGIN_TOKEN", "value": MARK})
        return f"kubeconfig={kubeconfig(folder, url, user)}"

    return write


def beside(options: str) -> Source:
    return lambda folder, url: f"kubeconfig={kubeconfig(folder, url, {'token': 't'})} {options.replace('URL', url)}"


ENCODED = base64.b64encode(MARK.encode()).decode()
PROVIDER = {"name": "oidc", "config": {"id-token": MARK, "client-secret": MARK}}

SOURCES: dict[str, Source] = {
    "a token": in_user(token=MARK),
    "a token with a line's end": in_user(token=f"{MARK}\n"),
    "a token's file": in_token_file,
    "a password": in_user(username="alice", password=MARK),
    "a client's key": in_user(
        **{"client-certificate-data": "QQ==", "client-key-data": base64.b64encode(MARK.encode()).decode()}
    ),
    "an old provider's token": in_user(
        **{"auth-provider": {"name": "oidc", "config": {"id-token": MARK, "client-secret": MARK}}}
    ),
    "a login program's token": by_plugin("cat $CREDENTIAL"),
    "a login program's words": by_plugin("echo token: $LOGIN_TOKEN >&2; echo $LOGIN_TOKEN >&2; exit 1"),
    "a login program's output": by_plugin("echo $LOGIN_TOKEN"),
    "a proxy's password": in_cluster("proxy-url", f"http://alice:{quoted(MARK)}@127.0.0.1:9"),
    "a SOCKS5 proxy's password": in_cluster("proxy-url", f"socks5://alice:{quoted(MARK)}@127.0.0.1:9"),
    "a proxy of an unknown kind": in_cluster("proxy-url", f"socks4://alice:{quoted(MARK)}@127.0.0.1:9"),
    "the server's address": in_server_address,
    "an Argo Server's token": beside(f"server=URL server_token='{MARK}'"),
    "an Argo Server's address": beside(f"server=http://alice:{quoted(MARK)}@127.0.0.1:9/x?token={quoted(MARK)}"),
    "a store's address": beside(f"s3_endpoint=http://alice:{quoted(MARK)}@127.0.0.1:9"),
    "an option that there isn't": beside(f"token='{MARK}'"),
}


@pytest.fixture
def api() -> Iterator[Api]:
    with serving() as made:
        made.echo = True
        yield made


@pytest.mark.parametrize("source", SOURCES)
def test_no_magic_shows_a_credential(notebook: Notebook, api: Api, tmp_path: Path, source: str) -> None:
    for cell in PIPELINE:
        notebook.run(cell)
    shown = ""
    # An empty list; all that it was told; that nobody is known; nothing.
    for status in (200, 500, 401, 0):
        api.status = status
        options = SOURCES[source](tmp_path, api.url if status else NOBODY)
        for cell in (f"%kfp engine argo namespace=n {options}", *MAGICS):
            shown += all_of(notebook.run(cell))
        shown += Session.of(notebook.shell).pipelines["p"].view.problem or ""
    assert "argo" in shown
    assert {form for form in forms() if form in shown} == set()


@pytest.mark.parametrize("variable", ["ARGO_TOKEN", "AWS_SECRET_ACCESS_KEY", "JUPYTER_TOKEN", "HTTP_PROXY"])
def test_no_magic_shows_what_the_environment_holds(
    notebook: Notebook, api: Api, tmp_path: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, f"http://alice:{quoted(MARK)}@127.0.0.1:9" if variable == "HTTP_PROXY" else MARK)
    api.status = 500
    api.headers = {"X-Told": "no"}
    file = kubeconfig(tmp_path, "http://192.0.2.1:6443" if variable == "HTTP_PROXY" else api.url, {"token": MARK})
    shown = "".join(
        all_of(notebook.run(cell)) for cell in (f"%kfp engine argo kubeconfig={file} server={api.url}", *MAGICS)
    )
    assert {form for form in forms() if form in shown} == set()


ADDRESS = f"http://alice:{quoted(MARK)}@127.0.0.1:9/c.yaml?token={quoted(MARK)}"


@pytest.mark.parametrize(
    "cell",
    [
        f"%component load {ADDRESS}",
        f"%component load {ADDRESS} as 3",
        f"%%component packages='x @ {ADDRESS}' colour=blue\ndef f(): pass",
        f"%%component packages='{ADDRESS} ' base_image='{ADDRESS}'\ndef f() -> int:\n    return undefined_name",
        f"from kfp_jupyter.components import load_component_from_url\nload_component_from_url({ADDRESS!r})",
        f"%kfp engine argo server={ADDRESS} colour=blue",
        f"%kfp engine argo server={ADDRESS.replace('http', 'ftp', 1)}",
        f"%kfp logs {ADDRESS} {ADDRESS}",
        f"%kfp {ADDRESS}",
    ],
)
def test_an_error_does_not_repeat_the_credentials_of_its_line(notebook: Notebook, cell: str) -> None:
    ran = notebook.run(cell)
    assert ran.error is not None
    assert {form for form in forms() if form in str(ran.error) + repr(ran.error) + all_of(ran)} == set()


class Broken(Exception):
    """An error that is nobody's."""


def breaking(*_: Any, **__: Any) -> Any:
    password = MARK
    try:
        raise ValueError(f"Invalid header value b'Bearer {password}\\n'")
    except ValueError as error:
        raise Broken(f"https://alice:{password}@host said no", {"token": password}) from error


@pytest.mark.parametrize("mode", ["Context", "Verbose", "Plain", "Minimal"])
def test_a_foreign_error_is_shown_without_credentials_whatever_its_cause(
    notebook: Notebook, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Session, "engine", breaking)
    notebook.run(f"%xmode {mode}")
    ran = notebook.run("%kfp runs")
    assert type(ran.error).__name__ == "Broken"
    shown = all_of(ran)
    assert "https://***@host said no" in shown
    assert {form for form in forms() if form in shown} == set()


def test_what_ends_a_thread_of_the_package_is_shown_without_credentials(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", earlier.append)
    redact_threads()
    redact_threads()

    def fail() -> None:
        raise ValueError(f"Invalid header value b'Bearer {MARK}'")

    for name in ("kfp-jupyter-argo", "another"):
        thread = threading.Thread(target=fail, name=name)
        thread.start()
        thread.join()
    said = capsys.readouterr().err
    assert "The thread kfp-jupyter-argo has ended" in said
    assert "ValueError: Invalid header value b'Bearer ***'" in said
    assert MARK not in said
    assert [str(ended.thread and ended.thread.name) for ended in earlier] == ["another"]


def test_a_foreign_error_without_credentials_stays_itself(notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise Broken("no")

    monkeypatch.setattr(Session, "engine", broken)
    assert isinstance(notebook.run("%kfp runs").error, Broken)


def test_a_workflow_is_shown_without_credentials_and_written_with_them(notebook: Notebook, tmp_path: Path) -> None:
    shown = all_of(notebook.run(f"%%component packages='{ADDRESS}'\ndef far() -> int:\n    return 1"))
    assert "packages" in shown
    shown += all_of(notebook.run("%%pipeline\ndef p():\n    far()"))
    shown += all_of(notebook.run("%kfp show p"))
    assert "def far" in shown
    assert {form for form in forms() if form in shown} == set()
    notebook.run(f"%kfp compile p {tmp_path}/p.yaml")
    # What installs the package needs them.
    assert quoted(MARK) in (tmp_path / "p.yaml").read_text()


def test_what_a_step_prints_of_its_credentials_is_not_shown_and_is_in_the_file(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARKED_SERVICE_TOKEN", MARK)
    notebook.run(
        "%%component\ndef tell():\n    import os\n    print('said', os.environ['MARKED_SERVICE_TOKEN'])\n    1 / 0"
    )
    notebook.run("%%pipeline\ndef p():\n    tell()")
    ran = notebook.run("%kfp submit p")
    shown = all_of(ran) + all_of(notebook.run(f"%kfp logs {ran.text.split()[-1]} tell follow=true"))
    assert "said ***" in shown
    shown += all_of(notebook.run("%kfp")) + all_of(notebook.run(f"%kfp attach {ran.text.split()[-1]}"))
    notebook.run(f"%kfp logs {ran.text.split()[-1]} tell file={tmp_path}/log")
    assert {form for form in forms() if form in shown} == set()
    assert f"said {MARK}" in (tmp_path / "log").read_text()


def test_a_saved_notebook_has_no_credential_in_its_outputs(api: Api, tmp_path: Path) -> None:
    api.status = 500
    (tmp_path / "credential.json").write_text(credential(MARK))
    file = kubeconfig(tmp_path, api.url, plugin(tmp_path, "echo got $(cat $CREDENTIAL) >&2; cat $CREDENTIAL"))
    cells = ["%load_ext kfp_jupyter", *PIPELINE, f"%kfp engine argo kubeconfig={file}", *MAGICS]
    written = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(written, timeout=120, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    text = json.dumps(
        {"outputs": [cell["outputs"] for cell in written.cells], "widgets": written.metadata}, ensure_ascii=False
    )
    assert "got {" in text
    assert "The cluster could not list workflows" in text
    assert {form for form in forms() if form in text or form in json.dumps(text)} == set()
