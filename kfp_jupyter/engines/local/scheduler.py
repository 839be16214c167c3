"""Which task starts when, and what its inputs are."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.local.outputs import Outputs
from kfp_jupyter.engines.local.staging import Job
from kfp_jupyter.engines.local.status import UNFINISHED, Node, Status, now
from kfp_jupyter.engines.local.step import Outcome
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.engines.local.workflow_variables import entry_inputs, lone_task, workflow_variables
from kfp_jupyter.parsing.objects import entries, section
from kfp_jupyter.workflow import tags
from kfp_jupyter.workflow.dialect import MAIN_LOGS
from kfp_jupyter.workflow.values import text_of

OMITTED = "omitted: depends condition not met"
"""What Argo says of a task whose dependency failed."""

BAD = ("Failed", "Error")

Artifact = Path | bytes


@dataclasses.dataclass(slots=True)
class Dag:
    """A DAG that is being run.

    Attributes:
        node: Its node.
        template: Its template.
        parameters: Values of its inputs.
        artifacts: Its input artifacts.
        parent: The DAG around it and the task it is there; None for the entrypoint.
        tasks: Task name to task.
        lone: Whether it stands for a single step, whose node is its own.
        nodes: Node of each task that was started.
        outputs: What each successful task has written.
    """

    node: Node
    template: Mapping[str, Any]
    parameters: Mapping[str, str]
    artifacts: Mapping[str, Artifact]
    parent: tuple[Dag, str] | None
    tasks: Mapping[str, Mapping[str, Any]]
    lone: bool = False
    nodes: dict[str, Node] = dataclasses.field(default_factory=dict)
    outputs: dict[str, Outputs] = dataclasses.field(default_factory=dict)

    @property
    def last(self) -> list[str]:
        """The tasks that no other depends on."""
        followed = {earlier for task in self.tasks.values() for earlier in task.get("dependencies") or ()}
        return [name for name in self.tasks if name not in followed]

    def phase_of(self, task: str) -> str:
        """Return the effective phase of a task's branch: for an omitted task that of its dependencies."""
        phase = str(self.nodes[task]["phase"])
        if phase != "Omitted":
            return phase
        earlier = map(self.phase_of, self.tasks[task].get("dependencies") or ())
        return next((phase for phase in earlier if phase in BAD), "Succeeded")

    @property
    def phase(self) -> str:
        """Phase of the DAG: that of the first of its last tasks that failed. Argo takes any of them."""
        return next((phase for phase in map(self.phase_of, self.last) if phase in BAD), "Succeeded")


class Scheduler:
    """Walks the DAGs of one Workflow. It starts no processes: it returns jobs and receives their outcomes.

    Args:
        directory: The run's.
        workflow: Its Workflow object.
        status: Takes what happens.
    """

    def __init__(self, directory: RunDirectory, workflow: Mapping[str, Any], status: Status) -> None:
        self._directory = directory
        self._status = status
        self._templates = {template["name"]: template for template in workflow["spec"]["templates"]}
        self._variables = workflow_variables(workflow)
        self._dags: list[Dag] = []
        self._waiting: dict[str, tuple[Dag, str]] = {}
        parameters, artifacts = entry_inputs(workflow, self._variables)
        self._root = self._open(workflow["spec"]["entrypoint"], self._status.name, parameters, artifacts, None, [])

    @property
    def root(self) -> Node:
        """The node of the whole."""
        return self._root.node

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen."""
        return self._root.node["phase"] not in UNFINISHED

    def ready(self) -> Iterator[Job]:
        """Yield the steps that can start now, each once; finished DAGs are closed on the way."""
        moved = True
        while moved:
            moved = False
            for dag in list(self._dags):
                for name in self._startable(dag):
                    job = self._start(dag, name)
                    moved = True
                    if job:
                        yield job
                moved |= self._close_if_done(dag)

    def begin(self, node_id: str) -> None:
        """Take note that a step is being started: until now it waited for others to make room."""
        self._status.nodes[node_id]["startedAt"] = now()

    def report(self, node_id: str, phase: str, message: str) -> None:
        """Take note of how far a step is.

        Args:
            node_id: Id of the node.
            phase: Its phase.
            message: Its message.
        """
        node = self._status.nodes[node_id]
        node["phase"] = phase
        if message:
            node["message"] = message
        else:
            node.pop("message", None)
        if phase == "Running":
            node["progress"] = "0/1"
        self._status.changed(node)

    def done(self, node_id: str, outcome: Outcome) -> None:
        """Take note of how a step ended.

        Args:
            node_id: Id of the node.
            outcome: How the step ended.
        """
        dag, name = self._waiting.pop(node_id)
        node = self._status.nodes[node_id]
        node["outputs"] = self._written(dag.tasks[name]["template"], outcome)
        if outcome.cached:
            node["memoizationStatus"] = {"hit": True, "key": outcome.cache_key, "cacheName": "local"}
        if outcome.phase == "Succeeded":
            dag.outputs[name] = outcome.outputs
        self._status.finish(node, outcome.phase, outcome.message)

    def _open(
        self,
        template_name: str,
        node_name: str,
        parameters: Mapping[str, str],
        artifacts: Mapping[str, Artifact],
        parent: tuple[Dag, str] | None,
        before: list[Node],
    ) -> Dag:
        template = self._templates[template_name]
        lone = "dag" not in template
        if lone:
            # Argo accepts a container as the entrypoint: the step is the whole run.
            template = {
                "name": template_name,
                "inputs": template.get("inputs"),
                "dag": {"tasks": [lone_task(template)]},
            }
        kind = "Pod" if lone else "DAG"
        node = self._status.node(node_name, kind, template_name, parent[0].node if parent else None, before)
        inputs = entries(template, "inputs", "parameters")
        values = {p["name"]: parameters.get(p["name"], text_of(p.get("value", p.get("default", "")))) for p in inputs}
        node["inputs"] = {"parameters": [{"name": name, "value": value} for name, value in values.items()]}
        if artifacts:
            node["inputs"]["artifacts"] = [{"name": name} for name in artifacts]
        node["phase"] = "Running"
        self._status.changed(node)
        tasks = {task["name"]: task for task in entries(template["dag"], "tasks")}
        dag = Dag(node, template, values, artifacts, parent, tasks, lone)
        self._dags.append(dag)
        return dag

    @staticmethod
    def _startable(dag: Dag) -> list[str]:
        return [
            name
            for name, task in dag.tasks.items()
            if name not in dag.nodes and all(earlier in dag.outputs for earlier in task.get("dependencies") or ())
        ]

    def _start(self, dag: Dag, name: str) -> Job | None:
        """Make a task's node; return its job, or None where there is nothing to run (a DAG, or done before)."""
        task = dag.tasks[name]
        template = self._templates[task["template"]]
        before = self._before(dag, task)
        parameters, artifacts = self._inputs(dag, task, template)
        full_name = dag.node["name"] if dag.lone else f"{dag.node['name']}.{name}"
        if missing := self._missing(task, template, artifacts):
            node = self._status.node(full_name, "Skipped", task["template"], dag.node, before)
            self._status.finish(
                node, "Error", f"The input {missing!r} has no file: the step that produces it didn't write it."
            )
            dag.nodes[name] = node
            return None
        if "dag" in template:
            dag.nodes[name] = self._open(task["template"], full_name, parameters, artifacts, (dag, name), before).node
            return None
        node = dag.node if dag.lone else self._status.node(full_name, "Pod", task["template"], dag.node, before)
        dag.nodes[name] = node
        if node["phase"] == "Succeeded":
            dag.outputs[name] = self._read_outputs(node)
            return None
        node["inputs"] = {
            "parameters": [{"name": key, "value": value} for key, value in parameters.items()],
            "artifacts": [{"name": a["name"], "path": a.get("path")} for a in entries(template, "inputs", "artifacts")],
        }
        self._waiting[node["id"]] = (dag, name)
        variables = self._variables | {"pod.name": node["id"], "node.name": full_name}
        return Job(node["id"], template, parameters, artifacts, variables)

    def _inputs(
        self, dag: Dag, task: Mapping[str, Any], template: Mapping[str, Any]
    ) -> tuple[dict[str, str], dict[str, Artifact]]:
        """Return what a task is given, tags replaced by what its dependencies wrote."""
        variables = self._scope(dag)
        arguments, inputs = section(task, "arguments"), section(template, "inputs")
        given = {p["name"]: p["value"] for p in entries(arguments, "parameters") if p.get("value") is not None}
        parameters = {}
        for parameter in entries(inputs, "parameters"):
            default = parameter.get("value", parameter.get("default"))
            parameters[parameter["name"]] = tags.substitute(text_of(given.get(parameter["name"], default)), variables)
        artifacts: dict[str, Artifact] = {}
        for argument in entries(arguments, "artifacts"):
            if argument.get("raw"):
                artifacts[argument["name"]] = tags.substitute(str(argument["raw"].get("data", "")), variables).encode(
                    errors="surrogatepass"
                )
                continue
            source = self._artifact(dag, argument.get("from", ""))
            if source is not None:
                artifacts[argument["name"]] = source
        return parameters, artifacts

    @staticmethod
    def _missing(task: Mapping[str, Any], template: Mapping[str, Any], artifacts: Mapping[str, Artifact]) -> str:
        """Return the name of an artifact that a task is to be given and that isn't there; empty if all are."""
        given = entries(task, "arguments", "artifacts")
        optional = {a["name"] for a in entries(template, "inputs", "artifacts") if a.get("optional")}
        optional |= {a["name"] for a in given if a.get("optional")}
        return next((a["name"] for a in given if a["name"] not in artifacts and a["name"] not in optional), "")

    def _scope(self, dag: Dag) -> dict[str, str]:
        """Return what tags mean inside a DAG template."""
        variables = self._variables | {f"inputs.parameters.{name}": value for name, value in dag.parameters.items()}
        for task, outputs in dag.outputs.items():
            node = dag.nodes[task]
            variables |= {f"tasks.{task}.outputs.parameters.{key}": value for key, value in outputs.parameters.items()}
            variables |= {f"tasks.{task}.id": node["id"], f"tasks.{task}.status": node["phase"]}
            variables |= {f"tasks.{task}.startedAt": node["startedAt"]}
            variables |= {f"tasks.{task}.finishedAt": node.get("finishedAt", ""), f"tasks.{task}.exitCode": "0"}
        return variables

    @staticmethod
    def _artifact(dag: Dag, reference: str) -> Artifact | None:
        parts = tags.sole_name(reference).split(".", 2)
        if parts[:2] == ["inputs", "artifacts"]:
            return dag.artifacts.get(parts[2])
        if parts[0] == "tasks" and len(parts) == 3 and parts[1] in dag.outputs:
            return dag.outputs[parts[1]].artifacts.get(parts[2].removeprefix("outputs.artifacts."))
        return None

    def _close_if_done(self, dag: Dag) -> bool:
        """Close a DAG in which nothing runs and nothing can start; return whether it was closed."""
        if dag not in self._dags or any(node["phase"] in UNFINISHED for node in dag.nodes.values()):
            return False
        if self._startable(dag):
            return False
        self._dags.remove(dag)
        if dag.lone:
            return True
        self._omit(dag)
        dag.node["outboundNodes"] = [node["id"] for name in dag.last for node in self._ends(dag.nodes[name])]
        if dag.phase == "Succeeded":
            outputs = self._dag_outputs(dag)
            dag.node["outputs"] = {"parameters": [{"name": k, "value": v} for k, v in outputs.parameters.items()]}
            if outputs.artifacts:
                dag.node["outputs"]["artifacts"] = [{"name": name} for name in outputs.artifacts]
            if dag.parent:
                dag.parent[0].outputs[dag.parent[1]] = outputs
        self._status.finish(dag.node, dag.phase)
        return True

    def _omit(self, dag: Dag) -> None:
        """Give a node to every task that will not run because of what failed before it."""
        waiting = [name for name in dag.tasks if name not in dag.nodes]
        while waiting:
            for name in waiting:
                task = dag.tasks[name]
                if all(earlier in dag.nodes for earlier in task.get("dependencies") or ()):
                    before = self._before(dag, task)
                    full_name = f"{dag.node['name']}.{name}"
                    node = self._status.node(full_name, "Skipped", task["template"], dag.node, before)
                    self._status.finish(node, "Omitted", OMITTED)
                    dag.nodes[name] = node
            waiting = [name for name in waiting if name not in dag.nodes]

    def _before(self, dag: Dag, task: Mapping[str, Any]) -> list[Node]:
        """Return the nodes that a task comes after."""
        return [node for earlier in task.get("dependencies") or () for node in self._ends(dag.nodes[earlier])]

    def _ends(self, node: Node) -> list[Node]:
        """Return the steps that a node ends with: itself, or the last ones in it."""
        ends = node.get("outboundNodes") or ()
        return [self._status.nodes[end] for end in ends] or [node]

    def _dag_outputs(self, dag: Dag) -> Outputs:
        declared = section(dag.template, "outputs")
        variables = self._scope(dag)
        parameters = {}
        for parameter in entries(declared, "parameters"):
            source = section(parameter, "valueFrom").get("parameter", parameter.get("value", ""))
            parameters[parameter["name"]] = tags.substitute(str(source), variables)
        artifacts = {}
        for artifact in entries(declared, "artifacts"):
            path = self._artifact(dag, artifact.get("from", ""))
            if isinstance(path, Path):
                artifacts[artifact["name"]] = path
        return Outputs(parameters, artifacts)

    def _written(self, template_name: str, outcome: Outcome) -> dict[str, Any]:
        """Return a node's outputs in Argo's format."""
        declared = entries(self._templates[template_name], "outputs", "artifacts")
        paths = {artifact["name"]: artifact["path"] for artifact in declared}
        base = self._directory.path
        artifacts = [
            {"name": name, "path": paths[name], "file": str(where.relative_to(base))}
            for name, where in outcome.outputs.artifacts.items()
        ]
        written: dict[str, Any] = {"artifacts": [*artifacts, {"name": MAIN_LOGS}]}
        if outcome.outputs.parameters:
            written["parameters"] = [{"name": k, "value": v} for k, v in outcome.outputs.parameters.items()]
        if outcome.exit_code is not None:
            written["exitCode"] = str(outcome.exit_code)
        return written

    def _read_outputs(self, node: Node) -> Outputs:
        """Return the outputs of a step that succeeded before, from its node."""
        written = section(node, "outputs")
        files = {a["name"]: self._directory.artifact(a["file"]) for a in entries(written, "artifacts") if "file" in a}
        return Outputs({p["name"]: p["value"] for p in entries(written, "parameters")}, files)
