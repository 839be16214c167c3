"""The words of the KFP v1 dialect of Argo Workflows: keys of annotations and labels, beginnings of generated names.

Argo's own are in ``workflow/common/common.go`` of Argo Workflows 3.7, KFP's in ``kfp/compiler/_k8s_helper.py``,
``_op_to_template.py`` and ``compiler.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from kfp_jupyter._version import __version__

GROUP = "argoproj.io"
API_VERSION = f"{GROUP}/v1alpha1"
KIND = "Workflow"

_KFP = "pipelines.kubeflow.org"

SDK_VERSION = f"{_KFP}/kfp_sdk_version"
SDK_TYPE = f"{_KFP}/pipeline-sdk-type"
CACHING = f"{_KFP}/enable_caching"
COMPILATION_TIME = f"{_KFP}/pipeline_compilation_time"
PIPELINE_SPEC = f"{_KFP}/pipeline_spec"
COMPONENT_SPEC = f"{_KFP}/component_spec"
COMPONENT_REF = f"{_KFP}/component_ref"
ARGUMENTS = f"{_KFP}/arguments.parameters"
MAX_CACHE_STALENESS = f"{_KFP}/max_cache_staleness"
DISPLAY_NAME = f"{_KFP}/task_display_name"
RUN_NAME = f"{_KFP}/run_name"
EXPERIMENT_NAME = f"{_KFP}/experiment_name"

WORKFLOW_LABEL = "workflows.argoproj.io/workflow"
PHASE_LABEL = "workflows.argoproj.io/phase"
COMPLETED_LABEL = "workflows.argoproj.io/completed"
ARCHIVED_LABEL = "workflows.argoproj.io/workflow-archiving-status"
NODE_ID = "workflows.argoproj.io/node-id"
POD_NAME_FORMAT = "workflows.argoproj.io/pod-name-format"
DEFAULT_REPOSITORY = "workflows.argoproj.io/default-artifact-repository"
ARGO_LABELS = "workflows.argoproj.io/"
"""What all labels begin with that Argo sets itself."""

MANAGED_BY = "app.kubernetes.io/managed-by"
"""Kubernetes' own label for the program that made an object; its value is `OURS` for what this package submits."""

OURS = "kfp-jupyter"

PIPELINE_LABEL = f"{OURS}/pipeline"
EXPERIMENT_LABEL = f"{OURS}/experiment"
NOTEBOOK_LABEL = f"{OURS}/notebook"
SUBMITTED_AT = f"{OURS}/submitted-at"
"""To the microsecond, by this machine's clock: runs of the same second have an order."""

TASK_ORDER = f"{OURS}/task-order"
"""The tasks in the order in which their author wrote them, as a JSON list."""

ISOLATED = f"{OURS}/isolated"
"""The local engine runs the template's steps without what the notebook has installed."""

SUBPATH = "-subpath"
"""What the name of an artifact ends with where its place on a volume is handed on instead of it."""

SERVICE_ACCOUNT = "pipeline-runner"

CONDITION, FOR_LOOP, EXIT_HANDLER, SUBGRAPH, GRAPH = "condition", "for-loop", "exit-handler", "subgraph", "graph"
"""What the names of the templates of groups begin with, and end in a number: ``condition-1``, ``graph-flip-1``."""


def sdk_version() -> str:
    """Return the SDK's version as a Workflow states it."""
    return f"{OURS}-{__version__}"


MAIN_CONTAINER = "main"
"""Name of the container that a step's program runs in. Source: ``workflow/common/common.go`` of Argo Workflows 3.7."""

MAIN_LOGS = f"{MAIN_CONTAINER}-logs"
"""Name of the output artifact that is a step's archived log.
Source: ``workflow/executor/executor.go`` of Argo Workflows 3.7."""
