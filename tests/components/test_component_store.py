"""Components found by name."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from kfp_jupyter.components import ComponentStore, component_store
from kfp_jupyter.errors import ComponentError
from tests.components.conftest import Site

TEXT = b"{name: Echo, implementation: {container: {image: alpine, command: [echo]}}}"
DIGEST = hashlib.sha256(TEXT).hexdigest()


def put(folder: Path, path: str, data: bytes = TEXT) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def test_a_name_is_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "group/echo/component.yaml")
    component = ComponentStore([tmp_path / "empty", tmp_path]).load_component("group/echo")
    assert component.name == "Echo"
    assert component.reference.to_dict() == {"name": "group/echo", "digest": DIGEST}


def test_a_digest_or_a_tag_names_a_version(tmp_path: Path) -> None:
    put(tmp_path, f"echo/versions/sha256/{DIGEST}")
    put(tmp_path, "echo/versions/tags/1.0")
    put(tmp_path, "echo/versions/sha256/abc")
    store = ComponentStore([tmp_path])
    assert store.load_component("echo", digest=DIGEST).reference.digest == DIGEST
    assert store.load_component("echo", tag="1.0").reference.to_dict() == {
        "name": "echo",
        "tag": "1.0",
        "digest": DIGEST,
    }
    with pytest.raises(ComponentError, match=f"isn't the component 'echo'.*{DIGEST}"):
        store.load_component("echo", digest="abc")
    with pytest.raises(ComponentError, match="by both digest and tag"):
        store.load_component("echo", "abc", "1.0")


def test_addresses_are_asked_after_folders_and_the_template_first(tmp_path: Path, site: Site) -> None:
    site.pages["/p/group/echo/component.yaml"] = TEXT
    site.pages["/t/2.0/group%2Fecho.yaml"] = TEXT
    store = ComponentStore([tmp_path], [f"{site.url}/p/"], uri_search_template=f"{site.url}/t/{{tag}}/{{name}}.yaml")
    assert store.load_component("group/echo").reference.url == f"{site.url}/p/group/echo/component.yaml"
    assert store.load_component("group/echo", tag="2.0").reference.url == f"{site.url}/t/2.0/group%2Fecho.yaml"
    assert store.load_component_from_url(f"{site.url}/p/group/echo/component.yaml").name == "Echo"
    put(tmp_path, "echo.yaml")
    assert store.load_component_from_file(tmp_path / "echo.yaml").name == "Echo"


def test_what_is_not_found_says_where_it_was_looked_for(tmp_path: Path, site: Site) -> None:
    store = ComponentStore([tmp_path], [f"{site.url}/p/", "http://127.0.0.1:1/"])
    with pytest.raises(ComponentError) as caught:
        store.load_component("echo")
    for words in (str(tmp_path), f"{site.url}/p/echo/component.yaml can't be fetched: 404 Not Found", "127.0.0.1:1"):
        assert words in str(caught.value)
    assert site.asked == ["/p/echo/component.yaml"]


@pytest.mark.parametrize("name", ["", "/echo", "echo/"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ComponentError, match="doesn't begin or end with a slash"):
        ComponentStore().load_component(name)


@pytest.fixture
def github(site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Site:
    """GitHub, as far as a search goes: a repository with two components and a file that is none."""
    monkeypatch.setattr(component_store, "RAW_GITHUB", f"{site.url}/raw/")
    monkeypatch.setattr(component_store, "GITHUB_SEARCH", f"{site.url}/search")
    monkeypatch.setattr(component_store, "GITHUB", f"{site.url}/")
    monkeypatch.setenv("KFP_JUPYTER_CACHE", str(tmp_path / "cache"))
    files = {"a": TEXT, "b": TEXT.replace(b"Echo", b"Sort rows"), "c": b"nothing"}
    items = []
    for folder, data in files.items():
        site.pages[f"/raw/me/repo/main/{folder}/component.yaml"] = data
        sha = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        items.append({"html_url": f"{site.url}/me/repo/blob/main/{folder}/component.yaml", "sha": sha})
    query = "/search?q=filename%3Acomponent.yaml+repo%3Ame%2Frepo&per_page=100&page="
    site.pages[query + "1"] = json.dumps({"items": items}).encode()
    site.pages[query + "2"] = b'{"items": []}'
    return site


def test_a_search_prints_names_and_addresses_and_remembers_files(
    github: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    store = ComponentStore([], [f"{github.url}/raw/me/repo/main/"])
    store.search("SORT")
    assert capsys.readouterr().out == f"Sort rows\t{github.url}/raw/me/repo/main/b/component.yaml\n"
    fetched = [path for path in github.asked if path.startswith("/raw")]
    store.list()
    assert [line.partition("\t")[0] for line in capsys.readouterr().out.splitlines()] == ["Echo", "Sort rows"]
    assert [path for path in github.asked if path.startswith("/raw")] == fetched


def test_a_file_that_is_not_what_github_lists_is_refused(github: Site) -> None:
    github.pages["/raw/me/repo/main/a/component.yaml"] += b" "
    with pytest.raises(ComponentError, match="isn't the file that GitHub lists"):
        ComponentStore([], [f"{github.url}/raw/me/repo/main/"]).list()


def test_a_search_that_github_refuses_says_its_status(github: Site) -> None:
    github.pages.clear()
    with pytest.raises(ComponentError, match="404"):
        ComponentStore([], [f"{github.url}/raw/me/repo/main/"]).list()


def test_the_default_store_looks_here_and_at_kubeflow() -> None:
    store = ComponentStore.default_store
    assert store.local_search_paths == ["."]
    assert store.url_search_prefixes == ["https://raw.githubusercontent.com/kubeflow/pipelines/master/components/"]
