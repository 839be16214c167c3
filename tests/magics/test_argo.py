"""`%kfp engine argo` in a real shell, with a real cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.cluster.running import Cluster
from tests.magics.conftest import Notebook
from tests.magics.test_kfp import ADD, CALC


def two_contexts(cluster: Cluster, path: Path, namespace: str) -> Path:
    """Write a kubeconfig whose current context leads nowhere, and whose other one leads to a namespace."""
    config = yaml.safe_load(cluster.kubeconfig.read_text())
    nowhere = {"name": "nowhere", "cluster": {"server": "http://127.0.0.1:9"}}
    user, there = config["users"][0]["name"], config["clusters"][0]["name"]
    config["clusters"].append(nowhere)
    config["contexts"] = [
        {"name": "gone", "context": {"cluster": "nowhere", "user": user, "namespace": "mine"}},
        {"name": "test", "context": {"cluster": there, "user": user, "namespace": namespace}},
        {"name": "bare", "context": {"cluster": there, "user": user}},
    ]
    config["current-context"] = "gone"
    path.write_text(yaml.safe_dump(config))
    return path


def test_a_context_is_chosen_and_says_where_runs_will_be(
    notebook: Notebook, cluster: Cluster, namespace: str, tmp_path: Path
) -> None:
    file = two_contexts(cluster, tmp_path / "k", namespace)
    ran = notebook.run(f"%kfp engine argo kubeconfig={file} context=test")
    assert ran.error is None
    assert f"the namespace {namespace} of https://" in ran.text
    assert notebook.run("%kfp runs").error is None


def test_another_namespace_is_chosen(notebook: Notebook, cluster: Cluster, namespace: str, tmp_path: Path) -> None:
    file = two_contexts(cluster, tmp_path / "k", "another")
    assert notebook.run(f"%kfp engine argo kubeconfig={file} context=test namespace={namespace}").error is None
    assert namespace in notebook.run("%kfp engine").text
    assert notebook.run("%kfp runs").error is None


def test_the_kubeconfig_that_a_cell_sets_counts(
    notebook: Notebook, cluster: Cluster, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "to be put back")
    notebook.run(f"%env KUBECONFIG={two_contexts(cluster, tmp_path / 'k', namespace)}")
    assert notebook.run("%kfp engine argo context=test").error is None
    assert notebook.run("%kfp runs").error is None


def test_a_cluster_that_doesnt_answer_is_told_at_the_first_use(
    notebook: Notebook, cluster: Cluster, tmp_path: Path
) -> None:
    notebook.run(f"%kfp engine argo kubeconfig={two_contexts(cluster, tmp_path / 'k', 'x')}")
    assert "http://127.0.0.1:9 doesn't answer" in notebook.fails("%kfp runs")


def test_a_context_that_isnt_there_is_told_with_the_others(
    notebook: Notebook, cluster: Cluster, tmp_path: Path
) -> None:
    said = notebook.fails(f"%kfp engine argo kubeconfig={two_contexts(cluster, tmp_path / 'k', 'x')} context=tset")
    assert "no context 'tset'. Name one with context=…; it has 'gone', 'test', 'bare'" in said
    assert "local: this machine" in notebook.run("%kfp engine").text


def test_a_context_without_a_namespace_asks_for_one(notebook: Notebook, cluster: Cluster, tmp_path: Path) -> None:
    said = notebook.fails(f"%kfp engine argo kubeconfig={two_contexts(cluster, tmp_path / 'k', 'x')} context=bare")
    assert "Name it with namespace=…" in said


def test_a_run_that_can_not_start_says_why_where_it_was_asked_for(notebook: Notebook, cluster: Cluster) -> None:
    for cell in (f"%kfp engine argo kubeconfig={cluster.kubeconfig} namespace=nosuch", ADD, CALC):
        assert notebook.run(cell).error is None
    assert "'nosuch'" in notebook.fails("%kfp submit calc")


def test_runs_of_the_cluster_are_listed_while_its_archive_is_away(
    notebook: Notebook, cluster: Cluster, namespace: str
) -> None:
    notebook.run(f"%kfp engine argo kubeconfig={cluster.kubeconfig} namespace={namespace} server=http://127.0.0.1:9")
    for cell in (ADD, CALC):
        assert notebook.run(cell).error is None
    run = notebook.run("%kfp submit calc").text.split()[-1]
    listed = notebook.run("%kfp runs").text
    assert run in listed
    assert "Runs on argo Archived runs are not listed. The Argo Server at http://127.0.0.1:9 doesn't" in listed
    assert "Archived runs are not listed" in notebook.run("%kfp").text
    unknown = notebook.fails("%kfp attach nosuch")
    assert "There is no run 'nosuch'" in unknown
    assert "Archived runs are not listed" in unknown
    assert notebook.run(f"%kfp stop {run[:-1]} now=true").error is None
