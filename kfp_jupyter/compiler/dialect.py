"""The words of the KFP v1 dialect of Argo Workflows."""

from __future__ import annotations

from kfp_jupyter._version import __version__

_PREFIX = "pipelines.kubeflow.org"

SDK_VERSION = f"{_PREFIX}/kfp_sdk_version"
SDK_TYPE = f"{_PREFIX}/pipeline-sdk-type"
CACHING = f"{_PREFIX}/enable_caching"
COMPILATION_TIME = f"{_PREFIX}/pipeline_compilation_time"
PIPELINE_SPEC = f"{_PREFIX}/pipeline_spec"
COMPONENT_SPEC = f"{_PREFIX}/component_spec"
COMPONENT_REF = f"{_PREFIX}/component_ref"
ARGUMENTS = f"{_PREFIX}/arguments.parameters"
MAX_CACHE_STALENESS = f"{_PREFIX}/max_cache_staleness"
DISPLAY_NAME = f"{_PREFIX}/task_display_name"

ISOLATED = "kfp-jupyter/isolated"
"""Ours: the local engine runs the template's steps without what the notebook has installed."""

SERVICE_ACCOUNT = "pipeline-runner"


def sdk_version() -> str:
    """Return what stands for the SDK's version in a Workflow."""
    return f"kfp-jupyter-{__version__}"
