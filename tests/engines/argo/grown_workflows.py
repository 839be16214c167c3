"""Finished workflows grown by chance: every kind of node Argo has, in every place, ended in every way."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from kfp_jupyter.naming import node_id

Node = dict[str, Any]
Grow = Callable[[str, str, int], list[Node]]

PHASES = ("Succeeded",) * 5 + ("Failed", "Failed", "Error", "Skipped", "Omitted", "Running", "Pending")
TIME = "2026-01-02T03:04:05Z"


def grown_workflow(seed: int) -> dict[str, Any]:
    """Return a workflow that has failed; the same for the same seed."""
    return _Growth(random.Random(seed)).workflow()


class _Growth:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._name = f"run-{chance.randrange(1000)}"
        self._nodes: dict[str, Node] = {}

    def workflow(self) -> dict[str, Any]:
        self._any(self._name, "", depth=0)
        if self._maybe(0.4):
            self._any(f"{self._name}.onExit", "", depth=2)
        if self._maybe(0.05):
            self._node(f"{self._name}.hooks.running", "Pod", "")
        metadata: dict[str, Any] = {"name": self._name, "generateName": "run-", "labels": self._labels()}
        metadata["annotations"] = {"a": "b"}
        if self._maybe(0.2):
            metadata["annotations"]["workflows.argoproj.io/pod-name-format"] = self._chance.choice(["v1", "v2"])
        status = {
            "phase": self._chance.choice(["Failed", "Error"]),
            "startedAt": TIME,
            "finishedAt": TIME,
            "message": "it failed",
            "conditions": [{"type": "PodRunning", "status": "False"}, {"type": "Completed", "status": "True"}],
            "nodes": self._nodes,
        }
        spec: dict[str, Any] = {"entrypoint": "main", "templates": [{"name": "main", "suspend": {}}]}
        if self._maybe(0.3):
            spec["shutdown"] = self._chance.choice(["Stop", "Terminate"])
            status["storedWorkflowTemplateSpec"] = dict(spec)
        if self._maybe(0.1):
            spec["activeDeadlineSeconds"] = self._chance.choice([0, 100])
        kind = {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow"}
        return kind | {"metadata": metadata, "spec": spec, "status": status}

    def _labels(self) -> dict[str, str]:
        prefix = "workflows.argoproj.io/"
        labels = {f"{prefix}completed": "true", f"{prefix}phase": "Failed", "mine": "yes"}
        more = {f"{prefix}creator": "me", f"{prefix}workflow-archiving-status": "Archived"}
        return labels | {key: value for key, value in more.items() if self._maybe(0.3)}

    def _any(self, name: str, boundary: str, depth: int) -> list[Node]:
        """Grow something; return its first node and behind it those that what follows is hung on."""
        leaves: list[Grow] = [self._pod, self._pod, self._leaf, self._attempts]
        groups: list[Grow] = [self._dag, self._dag, self._steps] if depth < 3 else []
        grow = self._chance.choice(groups or leaves) if depth == 0 and self._maybe(0.9) else None
        return (grow or self._chance.choice(leaves + groups))(name, boundary, depth)

    def _pod(self, name: str, boundary: str, _: int) -> list[Node]:
        pod = self._node(name, "Pod", boundary)
        if not self._maybe(0.15):
            return [pod, pod]
        inner = [self._node(f"{name}.{part}", "Container", pod["id"]) for part in ("a", "b")]
        self._hang(pod, inner[0])
        self._hang(inner[0], inner[1])
        return [pod, pod] if self._maybe(0.5) else [pod, inner[1]]

    def _leaf(self, name: str, boundary: str, _: int) -> list[Node]:
        leaf = self._node(name, self._chance.choice(["Skipped", "Suspend", "HTTP", "Plugin"]), boundary)
        return [leaf, leaf]

    def _attempts(self, name: str, boundary: str, depth: int) -> list[Node]:
        retry = self._node(name, "Retry", boundary)
        ends: list[Node] = []
        for attempt in range(self._chance.randint(1, 3)):
            first, *ends = (
                self._dag(f"{name}({attempt})", boundary, 3)
                if self._maybe(0.2)
                else self._pod(f"{name}({attempt})", boundary, depth)
            )
            first["nodeFlag"] = {"retried": True}
            self._hang(retry, first)
        return [retry, *ends]

    def _dag(self, name: str, boundary: str, depth: int) -> list[Node]:
        dag = self._node(name, "DAG", boundary)
        grown: list[list[Node]] = []
        for index in range(self._chance.randint(1, 4)):
            task = f"{name}.{self._chance.choice(['t', 't', 't', 'onExit'])}{index}"
            own = self._loop(task, dag["id"], depth) if self._maybe(0.2) else self._any(task, dag["id"], depth + 1)
            before = [
                ends for _, *ends in self._chance.sample(grown, min(len(grown), self._chance.choice([0, 1, 1, 2])))
            ]
            for end in [end for ends in before for end in ends] or [dag]:
                self._hang(end, own[0])
            grown.append(own)
        return self._closed(dag, [end for _, *ends in grown for end in ends if not end.get("children")])

    def _loop(self, name: str, boundary: str, depth: int) -> list[Node]:
        group = self._node(name, "TaskGroup", boundary)
        ends: list[Node] = []
        for index in range(self._chance.randint(1, 3)):
            first, *own = self._any(f"{name}({index}:{index})", boundary, depth + 1)
            self._hang(group, first)
            ends += own
        return [group, *ends]

    def _steps(self, name: str, boundary: str, depth: int) -> list[Node]:
        steps = self._node(name, "Steps", boundary)
        ends = [steps]
        for index in range(self._chance.randint(1, 3)):
            group = self._node(f"{name}[{index}]", "StepGroup", steps["id"])
            for end in ends:
                self._hang(end, group)
            ends = []
            for place in range(self._chance.randint(1, 2)):
                first, *own = self._any(f"{name}[{index}].s{place}", steps["id"], depth + 1)
                self._hang(group, first)
                ends += own
        return self._closed(steps, ends)

    def _closed(self, group: Node, ends: list[Node]) -> list[Node]:
        group["outboundNodes"] = [end["id"] for end in ends]
        return [group, *(ends or [group])]

    def _node(self, name: str, kind: str, boundary: str) -> Node:
        key = node_id(self._name, name)
        node: Node = {"id": key, "name": name, "displayName": name.rpartition(".")[2], "type": kind}
        node |= {"templateScope": f"local/{self._name}", "startedAt": TIME, "finishedAt": TIME}
        if self._maybe(0.1):
            node["templateRef"] = {"name": "lib", "template": "theirs"}
        else:
            node["templateName"] = f"template-{self._chance.randrange(3)}"
        node["phase"] = "Skipped" if kind == "Skipped" else self._chance.choice(PHASES)
        if self._maybe(0.3):
            node["message"] = "because"
        if boundary:
            node["boundaryID"] = boundary
        if self._maybe(0.3):
            node["outputs"] = {"parameters": [{"name": "o", "value": "1"}], "exitCode": "0"}
        self._nodes[key] = node
        return node

    def _hang(self, before: Node, after: Node) -> None:
        children = before.setdefault("children", [])
        if after["id"] not in children and after is not before:
            children.append(after["id"])

    def _maybe(self, share: float) -> bool:
        return self._chance.random() < share
