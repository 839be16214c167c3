"""As whom an API is asked; the API is a server that notes what it is told."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.errors import EngineError
from kfp_jupyter.kubernetes.credentials import PluginLogin
from kfp_jupyter.kubernetes.plugins import Credential, Plugin
from kfp_jupyter.kubernetes.sources import Source
from tests.kubernetes.api import Api, credential, kubeconfig, plugin

TOKEN = "marked-token-0123456789"


def engine(tmp_path: Path, api: Api, user: dict[str, Any]) -> ArgoEngine:
    return ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url, user)))


@pytest.mark.parametrize("around", ["\n", "\r\n", "  \n\n", ""], ids=repr)
def test_white_space_around_the_token_in_a_file_does_not_count(tmp_path: Path, api: Api, around: str) -> None:
    (tmp_path / "token").write_text(f"{around}{TOKEN}{around}")
    engine(tmp_path, api, {"tokenFile": str(tmp_path / "token")}).runs()
    assert set(api.told) == {f"Bearer {TOKEN}"}


def test_a_relative_name_of_a_file_counts_from_the_kubeconfig(tmp_path: Path, api: Api) -> None:
    (tmp_path / "token").write_text(TOKEN)
    engine(tmp_path, api, {"tokenFile": "token"}).runs()
    assert set(api.told) == {f"Bearer {TOKEN}"}


def test_a_renewed_file_counts_at_the_next_question(tmp_path: Path, api: Api) -> None:
    (tmp_path / "token").write_text("first")
    asking = engine(tmp_path, api, {"tokenFile": "token", "token": "not this one"})
    asking.runs()
    (tmp_path / "token").write_text("second")
    asking.runs()
    assert api.told == ["Bearer first", "Bearer second"]


@pytest.mark.parametrize("content", ["", " \n"])
def test_an_empty_file_is_named(tmp_path: Path, api: Api, content: str) -> None:
    (tmp_path / "token").write_text(content)
    with pytest.raises(EngineError, match=r"The token of the context 'c' .* can't be read: '.*token' is empty"):
        engine(tmp_path, api, {"tokenFile": "token"}).runs()


def test_a_file_that_isnt_there_is_named(tmp_path: Path, api: Api) -> None:
    with pytest.raises(EngineError, match=r"can't be read from '.*/gone': No such file or directory\. Log in again"):
        engine(tmp_path, api, {"tokenFile": "gone"}).runs()


@pytest.mark.parametrize("token", [f"{TOKEN}\n", f"{TOKEN}\r\nX: y", f"{TOKEN}ü", f"\x00{TOKEN}"], ids=ascii)
def test_a_token_that_no_header_can_have_is_told_without_it(tmp_path: Path, api: Api, token: str) -> None:
    (tmp_path / "token").write_text(f"{token}{TOKEN}")
    (tmp_path / "credential.json").write_text(credential(token))
    for user in ({"token": token}, plugin(tmp_path, "cat $CREDENTIAL"), {"tokenFile": "token"}):
        with pytest.raises(EngineError, match="holds a character that no header can have") as caught:
            engine(tmp_path, api, user).runs()
        assert TOKEN not in str(caught.value)
    assert api.told == []


def test_a_password_may_have_letters_of_any_script(tmp_path: Path, api: Api) -> None:
    engine(tmp_path, api, {"username": "jörg", "password": "пароль"}).runs()
    assert base64.b64decode(api.told[0].removeprefix("Basic ")).decode() == "jörg:пароль"


def test_a_password_in_the_server_s_address_is_used_and_not_shown(tmp_path: Path, api: Api) -> None:
    address = api.url.replace("://", "://alice:markedpw@")
    asking = ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, address)))
    asking.runs()
    assert base64.b64decode(api.told[0].removeprefix("Basic ")) == b"alice:markedpw"
    assert asking.place == f"the namespace n of {api.url}"


def a_login(tmp_path: Path, clock: list[float], seconds: float) -> tuple[PluginLogin, Path]:
    """A login by a program, whose token lasts for some seconds of a clock that stands still."""
    end = datetime.fromtimestamp(clock[0], timezone.utc) + timedelta(seconds=seconds)
    (tmp_path / "credential.json").write_text(
        credential("renewed", expirationTimestamp=f"{end + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}")
    )
    fields = plugin(tmp_path, f"echo asked >> {tmp_path}/asked; cat $CREDENTIAL")["exec"]
    first = Credential("first", expires_at=end.timestamp())
    source = Source("k", "c", "n")
    return PluginLogin(Plugin(fields, {}, source), first, source, lambda: clock[0]), tmp_path / "asked"


def test_a_program_s_token_is_renewed_before_it_runs_out(tmp_path: Path) -> None:
    clock = [1_800_000_000.0]
    login, asked = a_login(tmp_path, clock, 600)
    clock[0] += 400
    assert login.header() == "Bearer first"
    clock[0] += 100
    assert [login.header() for _ in range(3)] == ["Bearer renewed"] * 3
    assert asked.read_text().split() == ["asked"]


def test_a_program_s_token_does_until_it_has_run_out_when_no_new_one_is_to_be_had(tmp_path: Path) -> None:
    clock = [1_800_000_000.0]
    login, _ = a_login(tmp_path, clock, 600)
    (tmp_path / "credential.json").unlink()
    clock[0] += 500
    assert login.header() == "Bearer first"
    clock[0] += 200
    with pytest.raises(EngineError, match="The program 'sh', which the context 'c' of the kubeconfig k names"):
        login.header()


def test_where_clocks_differ_a_program_is_not_asked_each_time(tmp_path: Path) -> None:
    clock = [1_800_000_000.0]
    login, asked = a_login(tmp_path, clock, -3600)
    assert {login.header() for _ in range(5)} == {"Bearer first"}
    assert not asked.exists()
