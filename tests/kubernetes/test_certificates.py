"""Certificates of an API: those that nobody checks are used in silence, those out of their time are told."""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import pytest
import urllib3

from kfp_jupyter.engines.argo.argo_server import ArgoServer
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.errors import EngineError
from tests.kubernetes.api import CERTIFICATES, kubeconfig, serving

CELLS = """
import threading
from IPython.core.interactiveshell import InteractiveShell
from kfp_jupyter.engines.argo.engine import ArgoEngine
shell = InteractiveShell.instance(colors="nocolor")
shell.run_cell("%load_ext kfp_jupyter")
shell.run_cell("%kfp engine argo kubeconfig={kubeconfig}")
shell.run_cell("%kfp runs")
shell.run_cell("%kfp runs")
engine = ArgoEngine(kubeconfig="{kubeconfig}")
thread = threading.Thread(target=engine.runs)
thread.start()
thread.join()
shell.run_cell("%kfp doctor argo")
"""


def trusted(directory: Path, server: str) -> str:
    """A kubeconfig that trusts the authority of the test's certificates."""
    authority = base64.b64encode((CERTIFICATES / "authority.pem").read_bytes()).decode()
    return str(kubeconfig(directory, server, {"token": "t"}, **{"certificate-authority-data": authority}))


def test_nobody_is_warned_of_what_the_kubeconfig_asks_for(tmp_path: Path) -> None:
    with serving("good") as api:
        file = kubeconfig(tmp_path, api.url, {"token": "t"}, **{"insecure-skip-tls-verify": True})
        cells = CELLS.replace("{kubeconfig}", str(file))
        done = subprocess.run([sys.executable, "-c", cells], capture_output=True, text=True, check=True)
    assert "Warning" not in done.stdout + done.stderr
    assert "its certificate isn't verified, as the kubeconfig says" in " ".join(done.stdout.split())
    assert len(api.told) > 5


def test_others_are_warned_as_ever(tmp_path: Path) -> None:
    with serving("good") as api:
        file = kubeconfig(tmp_path, api.url, {"token": "t"}, **{"insecure-skip-tls-verify": True})
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            ArgoEngine(kubeconfig=str(file)).runs()
            assert caught == []
            urllib3.PoolManager(cert_reqs="CERT_NONE").request("GET", api.url)
        assert [warning.category for warning in caught] == [urllib3.exceptions.InsecureRequestWarning]


def test_an_argo_server_that_nobody_vouches_for_is_used_in_silence() -> None:
    with serving("good") as api, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert ArgoServer(api.url, "t", insecure=True, fallback=str).version() == ""
        with pytest.raises(EngineError, match=r"is not trusted: .*certificate verify failed"):
            ArgoServer(api.url, "t", fallback=str).version()
        assert caught == []


def test_a_certificate_is_checked_where_the_kubeconfig_does_not_say_otherwise(tmp_path: Path) -> None:
    with serving("good") as api:
        assert list(ArgoEngine(kubeconfig=trusted(tmp_path, api.url)).runs()) == []
        with pytest.raises(EngineError, match=r"no safe connection .*certificate verify failed"):
            ArgoEngine(kubeconfig=str(kubeconfig(tmp_path, api.url))).runs()


@pytest.mark.parametrize(
    ("certificate", "words"), [("future", "certificate is not yet valid"), ("past", "certificate has expired")]
)
def test_a_certificate_out_of_its_time_is_told_with_the_clock_of_this_machine(
    tmp_path: Path, certificate: str, words: str
) -> None:
    with serving(certificate) as api, pytest.raises(EngineError, match=words) as caught:
        ArgoEngine(kubeconfig=trusted(tmp_path, api.url)).runs()
    assert caught.value.remedy.startswith("This machine's clock says 20")
    assert "set it right if it is wrong. Get a new kubeconfig" in caught.value.remedy


def test_threads_share_the_silence(tmp_path: Path) -> None:
    with serving("good") as api, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        file = kubeconfig(tmp_path, api.url, {"token": "t"}, **{"insecure-skip-tls-verify": True})
        engine = ArgoEngine(kubeconfig=str(file))
        threads = [threading.Thread(target=engine.runs) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert caught == []
        assert len(api.told) >= len(threads)
