"""KFP v1's names of modules, and the modules of this package that they are found in."""

from __future__ import annotations

from collections.abc import Mapping

ALIASES: Mapping[str, str] = {
    **{
        f"kfp.{package}": f"kfp_jupyter.{package}"
        for package in ("aws", "azure", "compiler", "components", "containers", "dsl", "gcp", "notebook", "onprem")
    },
    "kfp._auth": "kfp_jupyter.compat.private.auth",
    "kfp._client": "kfp_jupyter.compat.client",
    "kfp._local_client": "kfp_jupyter.compat.client",
    "kfp._runners": "kfp_jupyter.compat.client",
    "kfp.auth": "kfp_jupyter.compat.auth",
    "kfp.compiler._data_passing_rewriter": "kfp_jupyter.compat.private.data_passing_rewriter",
    "kfp.compiler._default_transformers": "kfp_jupyter.compat.private.default_transformers",
    "kfp.compiler._k8s_helper": "kfp_jupyter.compat.helpers",
    "kfp.compiler._op_to_template": "kfp_jupyter.compat.private.op_to_template",
    "kfp.compiler.main": "kfp_jupyter.cli.dsl_compile",
    "kfp.components._data_passing": "kfp_jupyter.compat.private.data_passing",
    "kfp.components._naming": "kfp_jupyter.compat.private.naming",
    "kfp.components._python_op": "kfp_jupyter.compat.private.python_op",
    "kfp.components._structures": "kfp_jupyter.components.structures",
    "kfp.components._yaml_utils": "kfp_jupyter.compat.helpers",
    "kfp.deprecated": "kfp",  # where the first releases of KFP v2 had KFP v1
    "kfp.dsl._component_bridge": "kfp_jupyter.compat.private.component_bridge",
    "kfp.dsl._for_loop": "kfp_jupyter.dsl.loop_arguments",
    "kfp.dsl._metadata": "kfp_jupyter.compat.private.metadata",
    "kfp.dsl._ops_group": "kfp_jupyter.dsl.groups",
    "kfp.dsl._resource_op": "kfp_jupyter.dsl.resource_op",
    "kfp.dsl.extensions": "kfp_jupyter.compat.extensions",
}
"""A module of ours, whole, under another name. What is below such a name in this package has its name too."""

GATHERED: Mapping[str, tuple[str, ...]] = {
    "kfp.components._component_store": ("kfp_jupyter.components",),
    "kfp.components._components": ("kfp_jupyter.compat.private.components", "kfp_jupyter.components"),
    "kfp.components._python_to_graph_component": ("kfp_jupyter.components",),
    "kfp.dsl._component": ("kfp_jupyter.dsl.decorators",),
    "kfp.dsl._container_op": (
        "kfp_jupyter.dsl.container_op",
        "kfp_jupyter.dsl.container",
        "kfp_jupyter.dsl.base_op",
    ),
    "kfp.dsl._pipeline": ("kfp_jupyter.dsl.pipeline", "kfp_jupyter.dsl.pipeline_conf", "kfp_jupyter.dsl"),
    "kfp.dsl._pipeline_param": ("kfp_jupyter.dsl.pipeline_param", "kfp_jupyter.compat.helpers"),
    "kfp.dsl._pipeline_volume": ("kfp_jupyter.dsl.pipeline_volume",),
    "kfp.dsl._volume_op": ("kfp_jupyter.dsl.volume_op",),
    "kfp.dsl._volume_snapshot_op": ("kfp_jupyter.dsl.volume_op",),
}
"""Modules of KFP v1 that programs reach into though they aren't public: their names come from one or several of ours.

Nothing is imported before a name is asked for, as some of ours import the Kubernetes client.
"""

PRIVATE = tuple(name for name in (*ALIASES, *GATHERED) if "._" in name)
"""What ``import kfp`` has loaded there, so that programs write it without importing it."""

ATTRIBUTES = frozenset(
    name.removeprefix("kfp.") for name in ALIASES if name.count(".") == 1 and not name.startswith("kfp._")
)
"""Modules that are loaded when they are first used as ``kfp.…``."""

OF_V2: Mapping[str, tuple[str, str]] = {
    "kfp.v2": (
        "kfp.v2 is for KFP v2 pipelines, and this package supports KFP v1 pipelines.",
        "Import dsl, components and compiler from kfp itself, and InputPath and OutputPath from kfp.components.",
    ),
    "kfp.local": (
        "kfp.local runs KFP v2 pipelines, and this package supports KFP v1 pipelines.",
        "Run one on this machine with `kfp-jupyter run FILE`.",
    ),
    "kfp.kubernetes": (
        "kfp.kubernetes changes KFP v2 tasks, and this package supports KFP v1 pipelines.",
        "Use the task's own methods such as add_volume and add_env_variable, or kfp.onprem.",
    ),
    "kfp.registry": (
        "kfp.registry stores KFP v2 pipelines, and this package supports KFP v1 pipelines.",
        "Compile to a file with kfp.compiler.Compiler.",
    ),
    "kfp.client": (
        "kfp.client is a module of KFP v2, and this package supports KFP v1 pipelines.",
        "The client of KFP v1 is kfp.Client.",
    ),
    "kfp.pipeline_spec": (
        "kfp.pipeline_spec describes KFP v2 pipelines, and this package supports KFP v1 pipelines.",
        "A compiled pipeline is an Argo Workflow here.",
    ),
}
"""Modules that are refused: what each is, and what to use."""
