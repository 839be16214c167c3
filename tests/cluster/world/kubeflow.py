"""Kubeflow Pipelines: its API server, the agent that reports workflows to it, the controller of recurring runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tests.cluster.places import BUCKET, NAMESPACE, PROGRAMS, RUN, S3_PASSWORD, S3_USER
from tests.cluster.world import kube
from tests.cluster.world.network import API_PORT, KFP_PORT, NODE_IP, S3_PORT, below_run, listens
from tests.cluster.world.storage import DATABASE_PORT
from tests.cluster.world.supervisor import Supervisor

# As in a pod: here is the API, and this service isn't there (the discard port).
ENVIRONMENT = {
    "KUBERNETES_SERVICE_HOST": "127.0.0.1",
    "KUBERNETES_SERVICE_PORT": str(API_PORT),
    "POD_NAMESPACE": NAMESPACE,
    "CRON_SCHEDULE_TIMEZONE": "UTC",
    "ML_PIPELINE_VISUALIZATIONSERVER_SERVICE_HOST": "127.0.0.1",
    "ML_PIPELINE_VISUALIZATIONSERVER_SERVICE_PORT": "9",
}

SETTINGS: dict[str, Any] = {
    "DBDriverName": "mysql",
    "DBConfig": {
        "ConMaxLifeTime": "120s",
        "MySQLConfig": {
            "Host": "127.0.0.1",
            "Port": str(DATABASE_PORT),
            "User": "root",
            "DBName": "mlpipeline",
            "GroupConcatMaxLen": "4194304",
        },
    },
    "ObjectStoreConfig": {
        "Host": NODE_IP,
        "Port": str(S3_PORT),
        "Secure": False,
        "AccessKey": S3_USER,
        "SecretAccessKey": S3_PASSWORD,
        "BucketName": BUCKET,
        "PipelinePath": "pipelines",
    },
    "ARCHIVE_CONFIG_LOG_FILE_NAME": "main.log",
    "ARCHIVE_CONFIG_LOG_PATH_PREFIX": "/artifacts",
    "DEFAULTPIPELINERUNNERSERVICEACCOUNT": "pipeline-runner",
    "InitConnectionTimeout": "1m",
    "CRON_SCHEDULE_TIMEZONE": "UTC",
    "CacheEnabled": "false",
}


def start(supervisor: Supervisor) -> None:
    """Start Kubeflow Pipelines and wait for its API."""
    _make_account()
    config = below_run("kfp")
    (config / "config.json").write_text(json.dumps(SETTINGS))
    (config / "samples.json").write_text("[]")
    supervisor.start(
        "kfp-apiserver",
        PROGRAMS / "kfp-apiserver",
        *(f"--config={config}", f"--sampleconfig={config / 'samples.json'}", "--logtostderr=true"),
        env=ENVIRONMENT,
    )
    supervisor.wait_for("Kubeflow Pipelines", listens("127.0.0.1", KFP_PORT))
    supervisor.start(
        "kfp-persistence-agent",
        PROGRAMS / "kfp-persistence-agent",
        *(f"--namespace={NAMESPACE}", "--mlPipelineAPIServerName=127.0.0.1"),
        env=ENVIRONMENT,
    )
    supervisor.start(
        "kfp-scheduled-workflow",
        PROGRAMS / "kfp-scheduled-workflow",
        f"--namespace={NAMESPACE}",
        env=ENVIRONMENT,
    )
    kube.apply(*kube.service("ml-pipeline", KFP_PORT, NODE_IP))


def _make_account() -> None:
    """Put the administrator's token where programs in pods look for theirs. /run is the cluster's own."""
    token = yaml.safe_load((RUN / "kubeconfig-own").read_text())["users"][0]["user"]["token"]
    account = Path("/run/secrets/kubernetes.io/serviceaccount")
    agent = Path("/run/secrets/kubeflow/tokens")
    for directory in (account, agent):
        directory.mkdir(parents=True)
    (account / "token").write_text(token)
    (account / "namespace").write_text(NAMESPACE)
    (account / "ca.crt").write_bytes(kube.CERTIFICATE.read_bytes())
    (agent / "persistenceagent-sa-token").write_text(token)
