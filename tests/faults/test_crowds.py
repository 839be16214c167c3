"""Many steps in one run, many runs followed by one process, and many processes that follow one run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.argo.objects import Objects
from kfp_jupyter.runs import Phase, parse_workflow
from tests.cluster.running import Cluster
from tests.faults.conftest import Submit, waits
from tests.faults.following import Following

ROOT = Path(__file__).parents[2]
STEPS = 1000

FOLLOW = """
import json, sys
from kfp_jupyter.engines.argo.engine import ArgoEngine
from kfp_jupyter.engines.base import RunRef
from kfp_jupyter.cancel_token import CancelToken
from tests.faults.following import check_states

_, kubeconfig, namespace, run = sys.argv
states = []
for state in ArgoEngine(kubeconfig=kubeconfig, namespace=namespace).watch(RunRef("argo", run), CancelToken()):
    states.append(state)
    print("seen", flush=True)
check_states(states)
print(json.dumps({node.path: node.phase.value for node in states[-1].nodes.values()}))
"""


def many(steps: int) -> dict[str, Any]:
    """Return a Workflow of many steps without pods, with so much to say about each that Argo packs its status."""
    made = waits(0)
    sequence = {"count": str(steps)}
    wide = {"parameters": [{"name": "text", "value": "{{workflow.parameters.text}} {{item}}"}]}
    made["spec"] |= {
        "arguments": {"parameters": [{"name": "text", "value": "x" * 1500}]},
        "templates": [
            {
                "name": "main",
                "steps": [[{"name": "wide", "template": "wait", "arguments": wide, "withSequence": sequence}]],
            },
            {"name": "wait", "inputs": {"parameters": [{"name": "text"}]}, "suspend": {"duration": "0"}},
        ],
    }
    return made


def test_twenty_runs_are_followed_at_once(submit: Submit, quick: Objects, truth: Objects) -> None:
    crowd = [Following(quick, submit(waits(1 + n % 3, 1))) for n in range(20)]
    for following in crowd:
        assert following.ended(truth).phase is Phase.SUCCEEDED
        assert following.troubles == []


def test_three_processes_follow_one_run(cluster: Cluster, namespace: str, submit: Submit, truth: Objects) -> None:
    run = submit(waits(60, 1, 1))
    command = [sys.executable, "-c", FOLLOW, str(cluster.kubeconfig), namespace, run]
    crowd = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for process in crowd:
        assert process.stdout
        assert process.stdout.readline() == "seen\n"
    truth.patch_workflow(run, {"spec": {"shutdown": "Stop"}})
    ends = [process.communicate(timeout=120)[0].splitlines()[-1] for process in crowd]
    nodes = parse_workflow(truth.workflow(run)).nodes.values()
    phases = {node.path: node.phase.value for node in nodes}
    assert [json.loads(end) for end in ends] == [phases] * 3


def test_a_run_of_a_thousand_steps_is_seen_to_its_end(submit: Submit, truth: Objects) -> None:
    following = Following(truth, submit(many(STEPS)))
    last = following.ended(truth)
    assert last.phase is Phase.SUCCEEDED
    assert sum(node.type == "Suspend" for node in last.nodes.values()) == STEPS
    stored, _ = truth.find_workflow(following.run)
    assert stored
    assert stored["status"]["compressedNodes"]
