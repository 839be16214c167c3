"""Which steps of a run need a reason, how often the cluster is asked, and what came of it."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from kfp_jupyter.engines.argo.diagnosis.cluster_queries import ClusterQueries
from kfp_jupyter.engines.argo.diagnosis.explain import explain
from kfp_jupyter.engines.argo.diagnosis.step_facts import PREPARING, Reason, StepFacts
from kfp_jupyter.engines.argo.diagnosis.waiting import run_waits
from kfp_jupyter.errors import EngineError
from kfp_jupyter.pacing import FIRST_REASON_PAUSE_SECONDS, LONGEST_REASON_PAUSE_SECONDS, REASON_GRACE_SECONDS
from kfp_jupyter.redaction import redact
from kfp_jupyter.runs import NodeState, RunState
from kfp_jupyter.workflow.templates import plain_name, templates_of
from kfp_jupyter.workflow.views import WorkflowView

STEPS_AT_ONCE = 200
"""How many steps one look explains; of a thousand that fail at once the others keep what Argo says."""

_Key = tuple[str, str, int | None]


@dataclasses.dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a step in one phase, with one message."""

    key: _Key
    text: str
    sure: bool
    since: float
    looked: bool = False


class Diagnoser:
    """The reasons of one run. One thread takes states, another one looks.

    Args:
        asking: The way to the cluster.
        run: The run.
        clock: Seconds that only grow.
    """

    def __init__(self, asking: ClusterQueries, run: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._asking, self._run, self._clock = asking, run, clock
        self._lock = threading.Lock()
        self._known: Mapping[str, _Known] = {}
        self._workflow: Mapping[str, Any] = {}
        self._templates: dict[str, Mapping[str, Any]] = {}
        self._pause, self._next = FIRST_REASON_PAUSE_SECONDS, 0.0

    def take(self, state: RunState) -> None:
        """Note a newer state; explain what its messages alone explain."""
        now = self._clock()
        known: dict[str, _Known] = {}
        before = self._known
        for node in state.nodes.values():
            if not _matters(node):
                continue
            key = (node.phase.value, node.message, node.exit_code)
            old = before.get(node.id)
            if old and old.key == key:
                known[node.id] = old
                continue
            facts = self._case(node)
            reason = _explained(facts)
            since = old.since if old and old.key[0] == key[0] else now
            known[node.id] = _Known(key, redact(str(reason or "")), _sure(facts, reason), since)
        with self._lock:
            # What a look has brought in the meantime stays.
            self._known = {id_: _newer(found, self._known.get(id_)) for id_, found in known.items()}

    def attached(self, state: RunState) -> RunState:
        """Return a state with the reasons there are."""
        known = self._known
        if not state.phase.finished and not state.reason and (waits := run_waits(state.message)):
            state = dataclasses.replace(state, reason=waits)
        reasons = {id_: known[id_].text for id_ in known if known[id_].text and id_ in state.nodes}
        if not reasons:
            return state
        nodes = dict(state.nodes)
        for id_, text in reasons.items():
            nodes[id_] = dataclasses.replace(nodes[id_], reason=text)
        return dataclasses.replace(state, nodes=nodes)

    def due(self, state: RunState) -> float | None:
        """Return in how many seconds to look at the cluster; None where nothing is to be seen there."""
        if state.trouble is not None:
            return None
        now, waits = self._clock(), []
        for id_, known in self._known.items():
            if known.sure:
                continue
            if state.nodes[id_].phase.bad:
                if not known.looked:
                    return max(0.0, self._next - FIRST_REASON_PAUSE_SECONDS + 1.0 - now)
            elif not state.phase.finished:
                waits.append(max(known.since + REASON_GRACE_SECONDS, self._next) - now)
        return max(0.0, min(waits)) if waits else None

    def look(self, state: RunState) -> bool:
        """Ask the cluster about the steps that nothing is known of; return whether that tells more.

        Args:
            state: The newest state.
        """
        before = self._known
        wanted = [state.nodes[id_] for id_, known in before.items() if id_ in state.nodes and not known.sure]
        wanted = [node for node in wanted if not (node.phase.bad and before[node.id].looked)][:STEPS_AT_ONCE]
        try:
            cases = self._cases(wanted)
        except EngineError:
            # The workflow can't be read just now; the watch itself tells what is wrong.
            cases = {}
        found = {node.id: _looked(before[node.id], cases.get(node.id)) for node in wanted}
        with self._lock:
            told = {
                id_: known for id_, known in found.items() if id_ in self._known and self._known[id_].key == known.key
            }
            changed = any(known.text != self._known[id_].text for id_, known in told.items())
            self._known = {**self._known, **told}
        self._pause = FIRST_REASON_PAUSE_SECONDS if changed else min(self._pause * 1.6, LONGEST_REASON_PAUSE_SECONDS)
        self._next = self._clock() + self._pause
        return changed

    def _cases(self, nodes: list[NodeState]) -> dict[str, StepFacts]:
        if not self._workflow:
            self._workflow = self._asking.workflow(self._run)
            self._templates = _templates(self._workflow)
        cases = {node.id: self._case(node) for node in nodes}
        if all(_sure(facts, _explained(facts)) for facts in cases.values()):
            return cases
        pods, podless = self._pods(cases)
        names = {id_: str(pods[id_]["metadata"]["name"]) for id_ in cases if id_ in pods}
        events = self._asking.events(names.values()) if names else {}
        hidden = self._asking.refused("events")
        sizes = self._asking.nodes() if any("Insufficient" in facts.message for facts in cases.values()) else ()
        return {
            id_: dataclasses.replace(
                facts,
                pod=pods.get(id_),
                podless=podless and id_ not in pods,
                events=events.get(names.get(id_, ""), ()),
                events_hidden=hidden,
                nodes=sizes,
            )
            for id_, facts in cases.items()
        }

    def _pods(self, cases: Mapping[str, StepFacts]) -> tuple[Mapping[str, Mapping[str, Any]], bool]:
        """Return pods by the node that they run, and whether a step that has none of them has none."""
        held = self._asking.pods(self._run, without=("Running", "Succeeded"))
        if not any(facts.is_overdue and id_ not in held.by_node for id_, facts in cases.items()):
            return held.by_node, False
        # The controller may be behind: what waits by its account runs already, or is over.
        begun = self._asking.pods(self._run, without=("Pending", "Failed", "Unknown"))
        return {**held.by_node, **begun.by_node}, held.complete and begun.complete

    def _case(self, node: NodeState) -> StepFacts:
        known = self._known.get(node.id)
        waited = self._clock() - known.since if known else 0.0
        begun = node.seconds(datetime.now(timezone.utc)) or 0.0
        return StepFacts(
            message=node.message,
            phase=node.phase,
            namespace=self._asking.namespace,
            exit_code=node.exit_code,
            seconds=max(waited, begun),
            template=self._templates.get(node.template, {}),
            spec=WorkflowView(self._workflow).spec,
        )


def _matters(node: NodeState) -> bool:
    return node.type == "Pod" and (node.phase.bad or node.phase.value == "Pending")


def _newer(found: _Known, there: _Known | None) -> _Known:
    return there if there is not None and there.key == found.key else found


def _looked(known: _Known, facts: StepFacts | None) -> _Known:
    """Return what is known of a step after a look at it; None where the look failed."""
    if facts is None:
        return dataclasses.replace(known, looked=True)
    reason = _explained(facts)
    return dataclasses.replace(known, text=str(reason or "") or known.text, sure=_sure(facts, reason), looked=True)


def _explained(facts: StepFacts) -> Reason | None:
    try:
        return explain(facts)
    except Exception:  # noqa: BLE001  an unforeseen answer of a cluster must not end the watch
        return None


def _sure(facts: StepFacts, reason: Reason | None) -> bool:
    if reason is not None:
        return reason.sure
    return bool(facts.words) and not (facts.waits and facts.words in PREPARING)


def _templates(workflow: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    # Nodes call templates by their plain names.
    return {plain_name(key): template.raw for key, template in reversed(templates_of(workflow).items())}
