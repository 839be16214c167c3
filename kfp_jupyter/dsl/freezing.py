"""A traced pipeline → the graph: everything the author made, as immutable values."""

from __future__ import annotations

import dataclasses
import operator
from typing import Any

from kfp_jupyter.dsl.base_op import BaseOp
from kfp_jupyter.dsl.conditions import AllOf, AnyOf, Comparison, Not, Test
from kfp_jupyter.dsl.container import Container, words
from kfp_jupyter.dsl.container_op import ContainerOp
from kfp_jupyter.dsl.graph import Conf, Group, InputFile, Loop, Pod, Retry, Task, Use
from kfp_jupyter.dsl.groups import Condition, ExitHandler, Graph, OpsGroup, ParallelFor
from kfp_jupyter.dsl.kubernetes_types import number_or_text, text_of, typed, typed_object, whole_number
from kfp_jupyter.dsl.pipeline_conf import PipelineConf
from kfp_jupyter.dsl.pipeline_param import PipelineParam
from kfp_jupyter.dsl.placeholders import Reference, collect
from kfp_jupyter.dsl.resource_op import ResourceOp
from kfp_jupyter.dsl.to_json import to_json
from kfp_jupyter.dsl.tracing import line_position
from kfp_jupyter.errors import PipelineError


def frozen_task(op: BaseOp) -> Task:
    """Return a task as a value.

    Raises:
        PipelineError: A Workflow can't store one of its settings; the position is the line that made the task.
    """
    try:
        return _frozen_task(op)
    except PipelineError as error:
        error.position = line_position(op.line)
        raise


def _frozen_task(op: BaseOp) -> Task:
    files: tuple[InputFile, ...] = ()
    container = resource = use = staleness = None
    outputs: dict[str, str] = {}
    shown: dict[str, str] = {}
    if isinstance(op, ContainerOp):
        container = _container(op._container, op.name)
        if op.input_artifact_paths:
            given = op.artifact_arguments
            files = tuple(InputFile(name, path, given[name]) for name, path in op.input_artifact_paths.items())
        outputs, shown, use = dict(op.file_outputs), dict(op.output_artifact_paths), op.component
        if op._execution_options is not None and op._execution_options.caching_strategy is not None:
            staleness = op._execution_options.caching_strategy.max_cache_staleness
    elif isinstance(op, ResourceOp):
        outputs = dict(op.attribute_outputs)
        resource = to_json(op._resource, f"the task {op.name!r}")
        what = f"the k8s_resource of the task {op.name!r}"
        resource["manifest"] = typed_object(to_json(op.k8s_resource, what), what)
    else:
        raise PipelineError(
            f"The task {op.name!r} is neither a ContainerOp nor a ResourceOp.",
            remedy="Make tasks by calling components.",
            position=line_position(op.line),
        )
    pod, cache = _pod(op), _cache(op)
    display_name = str(text_of(op.display_name, f"the display name of the task {op.name!r}"))
    return Task(
        name=op.name,
        display_name=display_name,
        container=container,
        resource=resource,
        component=use,
        input_files=files,
        outputs=outputs,
        shown_outputs=shown,
        after=tuple(dict.fromkeys(op.dependent_names)) if op.dependent_names else (),
        pod=pod,
        cache=cache,
        max_cache_staleness=staleness,
        isolated=isinstance(op, ContainerOp) and op.isolated,
        line=op.line,
        references=_references(container, resource, files, use, pod, [display_name, cache]),
    )


def _references(
    container: Any,
    resource: Any,
    files: tuple[InputFile, ...],
    use: Use | None,
    pod: Pod | None,
    labels: list[str],
) -> tuple[Reference, ...]:
    found: dict[Reference, None] = {}
    collect(container, found)
    if resource is not None:
        collect(resource, found)
    collect(labels, found)
    for file in files:
        collect(file.data, found)
    if use is not None:
        for text in use.arguments.values():
            collect(text, found)
    if pod is not None:
        for field in dataclasses.fields(pod):
            collect(getattr(pod, field.name), found)
        if pod.retry is not None:
            collect([pod.retry.limit, pod.retry.backoff], found)
    return tuple(found)


def _container(container: Container, task: str) -> dict[str, Any]:
    """The fields that are set, in alphabetical order: the container's own dictionary holds no others."""
    what = f"the container of the task {task!r}"
    fields = container.attribute_map
    given = [(fields[name], value) for name, value in vars(container).items() if value is not None and name in fields]
    given.sort(key=_key)
    return {key: words(value) if key in _LINES else typed(to_json(value, what), what, key) for key, value in given}


_key = operator.itemgetter(0)
_LINES = frozenset(("args", "command"))


def _pod(op: BaseOp) -> Pod | None:
    retries = isinstance(op.num_retries, PipelineParam) or op.num_retries or op.retry_policy
    settings = retries or op.timeout or op.pod_annotations or op.pod_labels or op.node_selector or op.tolerations
    if not (settings or op.affinity or op.init_containers or op.sidecars or op.volumes):
        return None
    what = f"the pod of the task {op.name!r}"

    def setting(value: Any, key: str) -> Any:
        return typed(to_json(value, what), what, key) if value else value

    return Pod(
        node_selector=setting(op.node_selector, "nodeSelector"),
        tolerations=setting(op.tolerations, "tolerations"),
        affinity=setting(op.affinity, "affinity"),
        annotations=setting(op.pod_annotations, "annotations"),
        labels=setting(op.pod_labels, "labels"),
        init_containers=setting(op.init_containers, "initContainers"),
        sidecars=setting(op.sidecars, "sidecars"),
        volumes=setting(op.volumes, "volumes"),
        retry=_retry(op) if retries else None,
        timeout=whole_number(op.timeout, f"the timeout of the task {op.name!r}") if op.timeout else 0,
    )


def _retry(op: BaseOp) -> Retry:
    """How often a task is tried again; numbers are typed as those of a port are: a number or text."""
    backoff = {
        "duration": text_of(op.backoff_duration, f"the backoff_duration of the task {op.name!r}"),
        "factor": number_or_text(op.backoff_factor, f"the backoff_factor of the task {op.name!r}"),
        "maxDuration": text_of(op.backoff_max_duration, f"the backoff_max_duration of the task {op.name!r}"),
    }
    limit = number_or_text(op.num_retries, f"the num_retries of the task {op.name!r}")
    return Retry(limit, op.retry_policy, {key: value for key, value in backoff.items() if value})


def _cache(op: BaseOp) -> str:
    """Whether a task may use an earlier result, as the text of its label."""
    cache = op.enable_caching
    if isinstance(cache, PipelineParam):
        return str(cache)
    text = str(to_json(cache, f"enable_caching of the task {op.name!r}")).lower()
    if text in ("true", "false"):
        return text
    raise PipelineError(f"enable_caching of the task {op.name!r} can't be {cache!r:.80}.", remedy="Pass True or False.")


def frozen_group(group: OpsGroup) -> Group:
    """Return a group and all that is in it as values."""
    condition = loop = recursion = None
    exit_task = ""
    if isinstance(group, Condition):
        condition = _test(group.condition)
    elif isinstance(group, ParallelFor):
        items = group.loop_args._items
        what = f"the items of {group.name!r}"
        loop = Loop(group.loop_args._ref, items._ref if isinstance(items, PipelineParam) else to_json(items, what))
    elif isinstance(group, ExitHandler):
        exit_task = group.exit_op.name
    elif isinstance(group, Graph) and isinstance(group.recursive_ref, Graph):
        known = group.recursive_ref.arguments
        recursion = tuple((known[name]._ref, value._ref) for name, value in group.arguments.items() if name in known)
    repeated = group.recursive_ref or group
    return Group(
        name=repeated.name or "",
        kind=group.type,
        tasks=tuple(op.name for op in group.ops),
        groups=tuple(map(frozen_group, group.groups)),
        after=tuple(other.name for other in group.dependencies),
        parallelism=group.parallelism,
        condition=condition,
        loop=loop,
        recursion=recursion,
        exit_task=exit_task,
        position=group.position,
    )


def _test(test: Test) -> Test:
    if isinstance(test, Comparison):
        return Comparison(test.operator, _operand(test.operand1), _operand(test.operand2))
    if isinstance(test, Not):
        return Not(_test(test.part))
    if isinstance(test, (AllOf, AnyOf)):
        return type(test)(tuple(map(_test, test.parts)))
    raise TypeError(f"not a known kind of condition: {test!r}")


def _operand(value: Any) -> Any:
    return value._ref if isinstance(value, PipelineParam) else str(value)


def frozen_conf(conf: PipelineConf) -> Conf:
    """Return the settings as fields of the Workflow's spec."""
    what = "the pipeline's PipelineConf"
    spec: dict[str, Any] = {}
    if conf.parallelism:
        spec["parallelism"] = whole_number(conf.parallelism, f"the parallelism of {what}")
    ttl = whole_number(conf.ttl_seconds_after_finished, f"the ttl_seconds_after_finished of {what}")
    if ttl >= 0:
        spec["ttlStrategy"] = {"secondsAfterCompletion": ttl}
    if conf.pod_disruption_budget_min_available:
        spec["podDisruptionBudget"] = {"minAvailable": conf.pod_disruption_budget_min_available}
    if conf.image_pull_secrets:
        spec["imagePullSecrets"] = typed(to_json(conf.image_pull_secrets, what), what, "imagePullSecrets")
    if conf.timeout:
        spec["activeDeadlineSeconds"] = whole_number(conf.timeout, f"the timeout of {what}")
    if conf.default_pod_node_selector:
        spec["nodeSelector"] = typed(to_json(conf.default_pod_node_selector, what), what, "nodeSelector")
    if conf.dns_config:
        spec["dnsConfig"] = typed(to_json(conf.dns_config, what), what, "dnsConfig")
    if conf.host_aliases:
        spec["hostAliases"] = typed(to_json(conf.host_aliases, what), what, "hostAliases")
    method = conf.data_passing_method
    return Conf(spec, conf.image_pull_policy, method)
