"""Runs that stand still, so that nothing but watching costs anything."""

from __future__ import annotations

from typing import Any


def held(pipeline: str = "held") -> dict[str, Any]:
    """Return a Workflow whose one step waits for a person; it takes no pod."""
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"generateName": f"{pipeline}-"},
        "spec": {
            "entrypoint": "root",
            "serviceAccountName": "pipeline-runner",
            "templates": [
                {"name": "root", "dag": {"tasks": [{"name": "wait", "template": "wait"}]}},
                {"name": "wait", "suspend": {}},
            ],
        },
    }
