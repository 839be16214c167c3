"""Small workflows that fail on a real Argo, each in a way that a retry must deal with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.engines.workflows import Template, Workflow, task, workflow


def _step(name: str, text: str = "true") -> Template:
    return {"name": name, "container": _container(text)}


def _container(text: str) -> dict[str, Any]:
    return {"image": "python:3.11", "command": ["sh", "-c", text]}


def _dag(name: str, *tasks: Mapping[str, Any]) -> Template:
    return {"name": name, "dag": {"tasks": list(tasks)}}


def _rooted(*templates: Template, **spec: Any) -> Workflow:
    """A workflow that begins with the first of these templates."""
    made = workflow(*templates)
    entry = {"entrypoint": templates[0]["name"], "templates": list(templates)}
    return made | {"spec": made["spec"] | entry | spec}


GOOD, BAD, LAST, SLOW = _step("good"), _step("bad", "exit 1"), _step("last"), _step("slow", "sleep 600")
OFTEN = BAD | {"retryStrategy": {"limit": "1"}}
SET = {
    "name": "set",
    "containerSet": {
        "containers": [
            {"name": "a"} | _container("true"),
            {"name": "main", "dependencies": ["a"]} | _container("exit 1"),
        ]
    },
}

STOPPED = "stopped"
"""Begins the names of those that have to be stopped, as soon as a step is at work."""

FAILING: Mapping[str, Workflow] = {
    "one pod": _rooted(BAD),
    "attempts of one pod": _rooted(OFTEN),
    "a chain": _rooted(_dag("main", task("good"), task("bad", "good"), task("last", "bad")), GOOD, BAD, LAST),
    "a step behind two": _rooted(
        _dag("main", task("good"), task("good", name="too"), task("bad", "good", "too")), GOOD, BAD
    ),
    "attempts in a loop in a group": _rooted(
        _dag("main", task("inner"), task("last", "inner", name="end")),
        _dag("inner", task("good"), task("bad", "good") | {"withItems": [1, 2]}, task("last", "bad")),
        GOOD,
        OFTEN,
        LAST,
    ),
    "a group that is tried again": _rooted(
        _dag("main", task("inner")), _dag("inner", task("bad")) | {"retryStrategy": {"limit": "1"}}, BAD
    ),
    "conditions": _rooted(
        _dag(
            "main",
            task("good") | {"when": "1 == 2"},
            task("bad", "good") | {"when": "1 == 1"},
            task("last", "good"),
            task("last", "bad", name="end"),
        ),
        GOOD,
        BAD,
        LAST,
    ),
    "steps": _rooted(
        {
            "name": "main",
            "steps": [
                [{"name": "a", "template": "good"}],
                [{"name": "b", "template": "bad"}, {"name": "c", "template": "good", "withItems": [1, 2]}],
            ],
        },
        GOOD,
        BAD,
    ),
    "an exit handler with steps": _rooted(BAD, GOOD, _dag("clean", task("good")), onExit="clean"),
    "only the exit handler": _rooted(GOOD, BAD, onExit="bad"),
    "a step that may fail": _rooted(
        _dag(
            "main",
            task("bad") | {"continueOn": {"failed": True}},
            task("last", "bad"),
            task("bad", "last", name="end"),
        ),
        BAD,
        LAST,
    ),
    "containers of one pod": _rooted(_dag("main", task("set"), task("last", "set")), SET, LAST),
    "a hook of the whole": _rooted(BAD, GOOD, hooks={"running": {"template": "good", "expression": "true"}}),
    "no pod can be made": _rooted(
        _dag("main", task("bad")),
        BAD | {"container": _container("") | {"volumeMounts": [{"name": "x", "mountPath": ""}]}},
    ),
    f"{STOPPED} with an exit handler": _rooted(
        _dag("main", task("good"), task("slow", "good"), task("last", "slow")), GOOD, SLOW, LAST, onExit="last"
    ),
    f"{STOPPED} in a Suspend step": _rooted(_dag("main", task("wait")), {"name": "wait", "suspend": {}}),
}
