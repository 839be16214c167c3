"""What a workflow of 10,000 steps costs on its way from the bytes of the API to its state."""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
import sys
import time

from benchmarks.timing import Row, median
from kfp_jupyter.engines.argo.stored_nodes import unpacked
from kfp_jupyter.runs import RunState, parse_workflow

STEPS = 10_000

_MEMORY = """
import sys
from pathlib import Path
from benchmarks.argo_parsing import STEPS, parsed

def peak():
    # What getrusage tells is inherited from whoever started the process.
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024

text = sys.stdin.buffer.read()
before = peak()
assert len(parsed(text).nodes) == STEPS
print(peak() - before)
"""


def rows() -> list[Row]:
    """Measure; return the rows."""
    text = packed_workflow(STEPS)
    seconds = median(lambda: _cpu_seconds(text), runs=15)
    # In a process of its own: what this one has used before would hide it.
    done = subprocess.run([sys.executable, "-c", _MEMORY], input=text, capture_output=True, check=True)
    return [
        Row(f"{STEPS:,} steps of Argo, bytes to state, CPU", f"{seconds:.2f} s", "< 0.5 s"),
        Row("the same, memory at its peak", f"{float(done.stdout):.0f} MiB", "< 200 MiB"),
    ]


def _cpu_seconds(text: bytes) -> float:
    start = time.process_time()
    parsed(text)
    return time.process_time() - start


def parsed(text: bytes) -> RunState:
    """Return the state of a workflow as the API sends it."""
    return parse_workflow(unpacked(json.loads(text)))


def packed_workflow(steps: int) -> bytes:
    """Return a finished workflow as the API sends it, its nodes packed as the controller packs them."""
    nodes = {f"big-{n:010d}": _node(n) for n in range(steps)}
    status = {
        "phase": "Succeeded",
        "startedAt": "2026-01-02T03:04:05Z",
        "finishedAt": "2026-01-02T07:04:05Z",
        "compressedNodes": base64.b64encode(gzip.compress(json.dumps(nodes).encode())).decode(),
    }
    return json.dumps({"metadata": {"name": "big"}, "spec": {}, "status": status}).encode()


def _node(number: int) -> dict[str, object]:
    key = f"artifacts/big/2026/01/02/big-{number:010d}"
    artifacts = [
        {"name": "step-out", "path": "/tmp/outputs/out/data", "s3": {"key": f"{key}/step-out.tgz"}},
        {"name": "main-logs", "s3": {"key": f"{key}/main.log"}},
    ]
    parameters = [{"name": "out", "value": f"a result {number}", "valueFrom": {"path": "/tmp/outputs/out/data"}}]
    hour, minute = divmod(number // 60, 60)
    return {
        "id": f"big-{number:010d}",
        "name": f"big.main.step({number}:{number})",
        "displayName": f"step({number}:{number})",
        "type": "Pod",
        "templateName": "step",
        "templateScope": "local/big",
        "phase": "Succeeded",
        "boundaryID": "big",
        "startedAt": f"2026-01-02T{hour + 3:02d}:{minute:02d}:{number % 60:02d}Z",
        "finishedAt": f"2026-01-02T{hour + 4:02d}:{minute:02d}:{number % 60:02d}Z",
        "progress": "1/1",
        "resourcesDuration": {"cpu": 1, "memory": 10},
        "hostNodeName": "node",
        "children": [f"big-{number + 1:010d}"],
        "inputs": {"parameters": [{"name": "item", "value": str(number)}]},
        "outputs": {"parameters": parameters, "artifacts": artifacts, "exitCode": "0"},
    }
