"""MinIO, which has the artifacts, and MariaDB, which has the tables of Argo and of Kubeflow Pipelines."""

from __future__ import annotations

from tests.cluster.places import BUCKET, DATA, PROGRAMS, RUN, S3_PASSWORD, S3_USER
from tests.cluster.shell import run
from tests.cluster.world.kube import apply, service
from tests.cluster.world.network import NODE_IP, S3_PORT, listens
from tests.cluster.world.supervisor import Supervisor

DATABASE_PORT = 3306


def start(supervisor: Supervisor) -> None:
    """Start both and wait for them."""
    # A directory is a bucket.
    (DATA / "minio" / BUCKET).mkdir(parents=True)
    supervisor.start(
        "minio",
        PROGRAMS / "minio",
        *("server", DATA / "minio", f"--address={NODE_IP}:{S3_PORT}"),
        env={"MINIO_ROOT_USER": S3_USER, "MINIO_ROOT_PASSWORD": S3_PASSWORD, "HOME": str(DATA)},
    )
    apply(*service("minio-service", S3_PORT, NODE_IP))
    tables = DATA / "mariadb"
    run(
        *("mariadb-install-db", "--no-defaults", f"--datadir={tables}", "--user=root"),
        "--auth-root-authentication-method=normal",
    )
    supervisor.start(
        "mariadb",
        "mariadbd",
        *("--no-defaults", "--user=root", f"--datadir={tables}", f"--socket={RUN / 'mariadb.sock'}"),
        *("--bind-address=127.0.0.1", f"--port={DATABASE_PORT}", f"--pid-file={RUN / 'mariadb.pid'}"),
    )
    supervisor.wait_for("MinIO", listens(NODE_IP, S3_PORT))
    supervisor.wait_for("MariaDB", listens("127.0.0.1", DATABASE_PORT))


def make_database(name: str) -> None:
    """Make a database that isn't there yet."""
    client = ("mariadb", "--no-defaults", "--user=root", f"--socket={RUN / 'mariadb.sock'}")
    run(*client, f"--execute=create database if not exists {name} character set utf8mb4")
