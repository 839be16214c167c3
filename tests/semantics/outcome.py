"""What came out of a run, without anything that another run of the same Workflow would have otherwise.

Ids, names and times go: nodes are known by their paths, `<workflow>` stands for the run's name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from kfp_jupyter.engines.argo.pods import pod_name
from kfp_jupyter.workflow.times import parse_time

Node = Mapping[str, Any]

WHOLE = "(whole)"
"""The path of the node that all others are in."""

LONG = 400
"""Characters of a text that is written out."""

_AT_WORK = ("Pod", "Suspend", "HTTP")
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?\+0000 UTC|Z)?|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} UTC \d{4}"
)
_ADDRESS = re.compile(r"\b10(\.\d+){3}\b")
_UID = re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
_OBJECT = re.compile(r'\{"apiVersion":"[^"]+",.*"kind":"(\w+)"', re.DOTALL)
_CAPACITY = "{.status.capacity.storage}"
"""Where a volume's size is read: empty until the cluster has bound the volume, for which Argo doesn't wait."""

_PARTS = re.compile(r"(\d+)")


def outcome_of(workflow: Mapping[str, Any]) -> dict[str, Any]:
    """Return what came out of a finished run.

    Args:
        workflow: Its Workflow object, as an engine returns it.
    """
    status = workflow["status"]
    nodes: Mapping[str, Node] = status.get("nodes") or {}
    words = _Words(workflow, nodes)
    made: dict[str, Any] = {"phase": status["phase"]}
    if status.get("message"):
        made["message"] = words.plain(status["message"])
    if status.get("outputs"):
        made["outputs"] = _io(status["outputs"], words)
    paths = {node["id"]: words.path(node) for node in nodes.values()}
    after = _after(nodes, paths)
    if nodes:
        made["nodes"] = {paths[key]: _told(nodes[key], words, after[key]) for key in _in_order(nodes, paths, after)}
    if "parallelism" in str(workflow["spec"]):
        made["at_once"] = _at_once(nodes)
    return made


def out_of_turn(workflow: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each node that started before one had ended that it came after."""
    nodes: Mapping[str, Node] = workflow["status"].get("nodes") or {}
    paths = {key: node["name"] for key, node in nodes.items()}
    by_path = {node["name"]: node for node in nodes.values()}
    return [
        f"{by_path[later]['name']} started before {earlier} had ended"
        for key, names in _after(nodes, paths).items()
        for later in [nodes[key]["name"]]
        for earlier in names
        if _overlap(by_path[earlier], by_path[later])
    ]


class _Words:
    """Texts of one run, made the same for all runs."""

    def __init__(self, workflow: Mapping[str, Any], nodes: Mapping[str, Node]) -> None:
        metadata = workflow["metadata"]
        self._name = metadata["name"]
        same = {metadata["uid"]: "<uid>", metadata["namespace"]: "<namespace>", self._name: "<workflow>"}
        for key, node in nodes.items():
            if key != self._name:
                same |= {key: f"<{self.path(node)}>", pod_name(workflow, node): f"<pod of {self.path(node)}>"}
        same |= _generated(nodes)
        # The longest first: an id begins with the workflow's name.
        words = sorted(same, key=len, reverse=True)
        self._same = same
        self._known = re.compile("|".join(rf"(?<![\w-]){re.escape(word)}(?![\w])" for word in words))

    def path(self, node: Node) -> str:
        """Return a node's path: the same in all runs."""
        return str(node["name"])[len(self._name) :].removeprefix(".") or WHOLE

    def plain(self, text: str) -> str:
        """Return a text without what changes from run to run; a long one by its size and digest."""
        if made := _OBJECT.match(text):
            # An object of Kubernetes, with all that the cluster has added to it.
            return f"<a {made[1]}>"
        text = self._known.sub(lambda match: self._same[match[0]], text)
        for pattern, word in ((_TIME, "<time>"), (_ADDRESS, "<address>"), (_UID, "<uid>")):
            text = pattern.sub(word, text)
        if len(text) > LONG:
            digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
            return f"<{len(text)} characters, sha256 {digest}>"
        return text


def _generated(nodes: Mapping[str, Node]) -> dict[str, str]:
    """Return the names that Kubernetes has made up for objects which steps have made, and what stands for them."""
    texts = (p.get("value") or "" for n in nodes.values() for p in (n.get("outputs") or {}).get("parameters") or ())
    found = [json.loads(text)["metadata"] for text in texts if _OBJECT.match(text)]
    return {made["name"]: f"<{made['generateName']}…>" for made in found if made.get("generateName")}


def _told(node: Node, words: _Words, after: list[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"type": node["type"], "phase": node["phase"]}
    outputs = node.get("outputs") or {}
    if outputs.get("exitCode") is not None:
        made["exit_code"] = int(outputs["exitCode"])
    if (node.get("memoizationStatus") or {}).get("hit"):
        made["cached"] = True
    if node.get("message"):
        made["message"] = words.plain(node["message"])
    if after:
        made["after"] = after
    if inputs := _io(node.get("inputs") or {}, words):
        made["inputs"] = inputs
    if written := _io(outputs, words):
        made["outputs"] = written
    return made


def _io(given: Mapping[str, Any], words: _Words) -> dict[str, Any]:
    """Return parameters by name, `result` among them, and under `artifacts` the names of those."""
    made: dict[str, Any] = {}
    for parameter in sorted(given.get("parameters") or (), key=lambda parameter: str(parameter["name"])):
        # A step that failed has its outputs without values.
        if parameter.get("value") is not None:
            bound_later = (parameter.get("valueFrom") or {}).get("jsonPath") == _CAPACITY
            made[parameter["name"]] = "<capacity>" if bound_later else words.plain(parameter["value"])
    if given.get("result") is not None:
        made["result"] = words.plain(given["result"])
    artifacts = sorted(a["name"] for a in given.get("artifacts") or () if not a["name"].endswith("-logs"))
    if artifacts:
        made["artifacts"] = artifacts
    return made


def _after(nodes: Mapping[str, Node], paths: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each node those that had to end before it could start, nodes around it left out."""
    found: dict[str, set[str]] = {key: set() for key in nodes}
    by_name = {node["name"]: node for node in nodes.values()}
    for node in nodes.values():
        for child in node.get("children") or ():
            if child in nodes and not _around(node, nodes[child]):
                found[child].add(paths[node["id"]])
        handled = by_name.get(node["name"].removesuffix(".onExit"))
        if handled is not None and handled is not node:
            found[node["id"]].add(paths[handled["id"]])
    return {key: sorted(names, key=_by_number) for key, names in found.items()}


def _around(node: Node, child: Node) -> bool:
    rest = child["name"].removeprefix(node["name"])
    return bool(rest != child["name"] and rest[:1] in tuple(".[("))


def _in_order(nodes: Mapping[str, Node], paths: Mapping[str, str], after: Mapping[str, list[str]]) -> list[str]:
    """Return the nodes as one reads them: each behind those that it came after, and what is inside of it with it."""
    by_path = {path: key for key, path in paths.items()}
    around = {key: [k for k in nodes if _around(nodes[k], nodes[key])] for key in nodes}
    ranks: dict[str, int] = {}

    def rank(key: str) -> int:
        if key not in ranks:
            before = (1 + rank(by_path[path]) for path in after[key])
            ranks[key] = max((*before, *map(rank, around[key])), default=0)
        return ranks[key]

    def place(key: str) -> list[tuple[int, list[tuple[int, int, str]]]]:
        outer = sorted(around[key], key=lambda k: len(nodes[k]["name"]))
        return [(rank(k), _by_number(paths[k])) for k in (*outer, key)]

    return sorted(nodes, key=place)


def _overlap(earlier: Node, later: Node) -> bool:
    ended, started = parse_time(earlier.get("finishedAt")), parse_time(later.get("startedAt"))
    # A daemon goes on; the containers of a set share their pod's times.
    if earlier.get("daemoned") or later["type"] == "Container" or ended is None or started is None:
        return False
    # Argo's times are of whole seconds.
    return ended.replace(microsecond=0) > started


def _at_once(nodes: Mapping[str, Node]) -> int:
    """Return how many steps were at work at the same time at most."""
    spans = list(_spans(nodes))
    return max((sum(begin <= moment < end for begin, end in spans) for moment, _ in spans), default=0)


def _spans(nodes: Mapping[str, Node]) -> Iterator[tuple[Any, Any]]:
    for node in nodes.values():
        if node["type"] in _AT_WORK and node.get("startedAt") and node.get("finishedAt"):
            yield parse_time(node["startedAt"]), parse_time(node["finishedAt"])


def _by_number(path: str) -> list[tuple[int, int, str]]:
    """Sort 10 behind 9."""
    parts = (part for part in _PARTS.split(path) if part)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
