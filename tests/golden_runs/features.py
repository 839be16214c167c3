"""What of Argo a Workflow uses, and which Workflows show all of it for little."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Template = Mapping[str, Any]

_PLAIN = {"name", "entrypoint", "templates", "arguments", "serviceAccountName", "inputs", "outputs", "metadata"}
_PLAIN |= {"container", "dag", "template", "dependencies", "image", "command", "args"}
_OPERATOR = re.compile(r"==|!=|>=|<=|>|<")


def features(workflow: Mapping[str, Any]) -> list[str]:
    """Return the words of Argo that a Workflow uses beyond plain steps in a DAG, and what stands in what."""
    return sorted(set(_features(workflow["spec"])))


def fewest(offers: Mapping[str, tuple[int, list[str]]]) -> list[str]:
    """Return names that together have every feature, at a small price.

    Args:
        offers: Name to its price and its features.
    """
    missing = {feature for _, own in offers.values() for feature in own}
    chosen = []
    while missing:
        name = min(sorted(offers), key=lambda name: _price(*offers[name], missing))
        chosen.append(name)
        missing -= set(offers[name][1])
    return sorted(chosen)


def _price(price: int, own: list[str], missing: set[str]) -> float:
    new = len(missing & set(own))
    return price / new if new else float("inf")


def _features(spec: Mapping[str, Any]) -> Iterator[str]:
    yield from (key for key, value in spec.items() if key not in _PLAIN and value)
    for template in spec["templates"]:
        yield from (key for key, value in template.items() if key not in _PLAIN and value)
        if template.get("resource"):
            yield f"resource: {template['resource']['action']}"
        yield from (f"container: {key}" for key in template.get("container") or () if key not in _PLAIN)
        yield from _artifacts(template)
        for task in (template.get("dag") or {}).get("tasks") or ():
            yield from _task(task, template)


def _artifacts(template: Template) -> Iterator[str]:
    for io in ("inputs", "outputs"):
        for artifact in (template.get(io) or {}).get("artifacts") or ():
            yield from (f"{io} artifact: {key}" for key in artifact if key not in ("name", "path"))
        for parameter in (template.get(io) or {}).get("parameters") or ():
            yield from (f"{io} parameter: {key}" for key in parameter.get("valueFrom") or ())


def _task(task: Mapping[str, Any], template: Template) -> Iterator[str]:
    yield from (key for key, value in task.items() if key not in _PLAIN and value)
    yield from (f"when: {operator}" for operator in _OPERATOR.findall(task.get("when", "")))
    inner, outer = _kind(task["template"]), _kind(template["name"])
    if task["template"] == template["name"]:
        yield "a template in itself"
    elif inner and outer:
        yield f"{inner} in {outer}"


def _kind(name: str) -> str:
    found = re.match(r"(condition|for-loop|exit-handler|subgraph|graph)-", name)
    return found[1] if found else ""
