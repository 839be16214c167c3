"""The name of an image when nobody gives one."""

from __future__ import annotations

import pytest

from kfp_jupyter.images import google
from tests.images.servers import Handler, serving


class Metadata(Handler):
    """Google's metadata server, which tells a machine who it is."""

    def do_GET(self) -> None:
        known = {"/project/project-id": b"my-project", "/instance/id": b"4711"}
        is_asked_properly = self.headers.get("Metadata-Flavor") == "Google"
        self.say(200 if is_asked_properly and self.path in known else 403, known.get(self.path, b""))


@pytest.mark.parametrize(("notebook", "name"), [("/notebook/team/mine", "notebook-team-mine"), ("", "4711")])
def test_on_google_cloud_it_is_made_of_project_and_notebook(
    monkeypatch: pytest.MonkeyPatch, notebook: str, name: str
) -> None:
    monkeypatch.setenv("NB_PREFIX", notebook)
    with serving(Metadata) as host:
        monkeypatch.setattr(google, "METADATA", f"http://{host}")
        assert google.google_image_name() == f"gcr.io/my-project/{name}/kfp_container"


def test_elsewhere_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(google, "METADATA", "http://127.0.0.1:9")

    assert google.google_image_name() is None
