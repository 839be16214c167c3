"""The pod that builds an image, beside the one that kfp 1.8.24 makes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from kfp_jupyter.images.kaniko import EXECUTOR, Context, kaniko_pod
from tests.environments import environment

GOLDEN = Path(__file__).parent / "kaniko_pod.json"

ASK_KFP = """
import json
from kfp.containers import ContainerBuilder
builder = ContainerBuilder("gs://bucket/staging", namespace="team", service_account="default-editor")
pod = builder._generate_kaniko_spec("gs://bucket/staging/1.tar.gz", "Dockerfile", "gcr.io/project/model:1")
print(json.dumps(pod, indent=2))
"""


def test_the_pod_is_the_one_of_kfp(regenerate: bool) -> None:
    if regenerate:
        python = environment("kfp1")
        asked = subprocess.run([python, "-W", "ignore", "-c", ASK_KFP], capture_output=True, text=True, check=True)
        GOLDEN.write_text(asked.stdout)

    pod = kaniko_pod(
        Context("gs://bucket/staging/1.tar.gz"),
        "Dockerfile",
        "gcr.io/project/model:1",
        namespace="team",
        service_account="default-editor",
        executor=EXECUTOR,
    )

    assert pod == json.loads(GOLDEN.read_text())


def test_a_registry_secret_is_where_kaniko_looks_for_it() -> None:
    pod = kaniko_pod(
        Context("gs://bucket/1.tar.gz"),
        "Dockerfile",
        "docker.io/me/model:1",
        namespace="team",
        service_account="default",
        executor=EXECUTOR,
        registry_secret="my-registry",
    )

    items = [{"key": ".dockerconfigjson", "path": "config.json"}]
    assert pod["spec"]["volumes"] == [{"name": "registry", "secret": {"secretName": "my-registry", "items": items}}]
    assert pod["spec"]["containers"][0]["volumeMounts"] == [
        {"name": "registry", "mountPath": "/kaniko/.docker", "readOnly": True}
    ]
