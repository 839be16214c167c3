"""A Workflow read from YAML of unknown origin."""

from __future__ import annotations

from typing import Any

import yaml

from kfp_jupyter.compiler.archives import LARGEST, RefusedError, too_large

_DEEPEST = 200
_AGAIN = "Compile the pipeline again."

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str", "int", "float", "bool", "null"))


class _Loader(_SafeLoader):  # type: ignore[misc]  # its type is known only where it is chosen
    """PyYAML's safe loader, to which dates are text as they are to Kubernetes."""


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _SafeLoader.construct_scalar)


def read_workflow(content: bytes) -> dict[str, Any]:
    """Return the Workflow in a YAML document.

    Raises:
        RefusedError: It isn't one, or it is made to do harm.
    """
    try:
        _measure(content)
        workflow = yaml.load(content, Loader=_Loader)  # noqa: S506  (a safe loader by inheritance)
    except yaml.YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise RefusedError(f"it is not YAML ({where}{problem or str(error).splitlines()[0]})", _AGAIN) from None
    except ValueError as error:
        raise RefusedError(f"a number in it can't be read ({error})", _AGAIN) from None
    if not isinstance(workflow, dict):
        raise RefusedError("it holds no Argo Workflow", "Compile a pipeline.")
    if "pipelineInfo" in workflow:
        raise RefusedError("it is a pipeline of KFP v2", "Compile the pipeline here, or with kfp 1.8.")
    if workflow.get("kind") != "Workflow":
        raise RefusedError(f"it holds the kind {workflow.get('kind')!r:.80}, no Argo Workflow", "Compile a pipeline.")
    return workflow


def _measure(content: bytes) -> None:
    """Refuse what the loader would end the process with.

    It recurses in C as deep as the document does, and merges and shares what stands behind aliases: a few lines may
    stand for more than any memory holds.
    """
    sizes: dict[str, int] = {}  # of what has an anchor, with all aliases in it written out
    open_: list[tuple[str | None, int]] = []
    size = 0
    for event in yaml.parse(content, Loader=_Loader):
        if isinstance(event, yaml.ScalarEvent):
            _check_tag(event)
            size += 1 + len(event.value)
            if event.anchor:
                sizes[event.anchor] = 1 + len(event.value)
        elif isinstance(event, yaml.CollectionStartEvent):
            _check_tag(event)
            open_.append((event.anchor, size))
            if len(open_) > _DEEPEST:
                raise RefusedError(f"it is nested deeper than {_DEEPEST} levels", _AGAIN)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_.pop()
            size += 1
            if anchor:
                sizes[anchor] = size - before
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in open_):
                raise RefusedError(f"what &{event.anchor} in it stands for contains itself", _AGAIN)
            size += sizes.get(event.anchor or "", 0)
        if size > LARGEST:
            raise too_large()


def _check_tag(event: Any) -> None:
    """Refuse values that JSON doesn't have; Kubernetes keeps Workflows as JSON."""
    if event.tag and event.tag not in _TAGS:
        line = event.start_mark.line + 1
        raise RefusedError(f"line {line} has the tag {event.tag!r:.80}", "Remove the tag and write the value as text.")
