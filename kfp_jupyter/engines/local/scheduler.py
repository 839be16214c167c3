"""Which task starts when, and what its inputs are."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kfp_jupyter.engines.local import tags
from kfp_jupyter.engines.local.outputs import Outputs
from kfp_jupyter.engines.local.plan import entry_inputs, lone_task, workflow_variables
from kfp_jupyter.engines.local.staging import Job
from kfp_jupyter.engines.local.status import UNFINISHED, Node, Status
from kfp_jupyter.engines.local.step import Outcome
from kfp_jupyter.engines.local.store import RunDirectory
from kfp_jupyter.engines.values import text_of

OMITTED = "omitted: depends condition not met"
"""What Argo says of a task whose dependency failed."""

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
        nodes: Node of each task that was started.
        outputs: What each successful task has written.
    """

    node: Node
    template: Mapping[str, Any]
    parameters: Mapping[str, str]
    artifacts: Mapping[str, Artifact]
    parent: tuple[Dag, str] | None
    tasks: Mapping[str, Mapping[str, Any]]
    nodes: dict[str, Node] = dataclasses.field(default_factory=dict)
    outputs: dict[str, Outputs] = dataclasses.field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether a task of it has failed, so that no other starts (Argo's failFast)."""
        return any(node["phase"] in ("Failed", "Error") for node in self.nodes.values())


class Scheduler:
    """Goes through the DAGs of one Workflow. Knows no processes: it hands out jobs and is told how they ended.

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
                for name in [] if dag.failed else self._startable(dag):
                    job = self._start(dag, name)
                    moved = True
                    if job:
                        yield job
                moved |= self._close_if_done(dag)

    def report(self, node_id: str, phase: str, message: str) -> None:
        """Take note of how far a step is."""
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
        """Take note of how a step ended."""
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
        if "dag" not in template:
            # A lone step: Argo accepts a container as the entrypoint; a DAG of one task has the same meaning.
            template = {
                "name": template_name,
                "inputs": template.get("inputs"),
                "dag": {"tasks": [lone_task(template)]},
            }
        node = self._status.node(node_name, "DAG", template_name, parent[0].node if parent else None, before)
        inputs = (template.get("inputs") or {}).get("parameters") or ()
        values = {p["name"]: parameters.get(p["name"], text_of(p.get("value", p.get("default", "")))) for p in inputs}
        node["inputs"] = {"parameters": [{"name": name, "value": value} for name, value in values.items()]}
        node["phase"] = "Running"
        self._status.changed(node)
        tasks = {task["name"]: task for task in template["dag"].get("tasks") or ()}
        dag = Dag(node, template, values, artifacts, parent, tasks)
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
        before = [dag.nodes[earlier] for earlier in task.get("dependencies") or ()]
        parameters, artifacts = self._inputs(dag, task, template)
        full_name = f"{dag.node['name']}.{name}"
        if "dag" in template:
            dag.nodes[name] = self._open(task["template"], full_name, parameters, artifacts, (dag, name), before).node
            return None
        node = self._status.node(full_name, "Pod", task["template"], dag.node, before)
        dag.nodes[name] = node
        if node["phase"] == "Succeeded":
            dag.outputs[name] = self._read_outputs(node)
            return None
        node["inputs"] = {
            "parameters": [{"name": key, "value": value} for key, value in parameters.items()],
            "artifacts": [
                {"name": a["name"], "path": a.get("path")}
                for a in (template.get("inputs") or {}).get("artifacts") or ()
            ],
        }
        self._waiting[node["id"]] = (dag, name)
        variables = self._variables | {"pod.name": node["id"], "node.name": full_name}
        return Job(node["id"], template, parameters, artifacts, variables)

    def _inputs(
        self, dag: Dag, task: Mapping[str, Any], template: Mapping[str, Any]
    ) -> tuple[dict[str, str], dict[str, Artifact]]:
        """Return what a task is given, tags replaced by what its dependencies wrote."""
        variables = self._scope(dag)
        arguments, inputs = task.get("arguments") or {}, template.get("inputs") or {}
        given = {p["name"]: p["value"] for p in arguments.get("parameters") or () if p.get("value") is not None}
        parameters = {}
        for parameter in inputs.get("parameters") or ():
            default = parameter.get("value", parameter.get("default"))
            parameters[parameter["name"]] = tags.substitute(text_of(given.get(parameter["name"], default)), variables)
        artifacts: dict[str, Artifact] = {}
        for argument in arguments.get("artifacts") or ():
            if argument.get("raw"):
                artifacts[argument["name"]] = tags.substitute(str(argument["raw"].get("data", "")), variables).encode(
                    errors="surrogatepass"
                )
                continue
            source = self._artifact(dag, argument.get("from", ""))
            if source is not None:
                artifacts[argument["name"]] = source
        return parameters, artifacts

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
        if not dag.failed and len(dag.nodes) < len(dag.tasks):
            return False
        self._dags.remove(dag)
        if dag.failed:
            self._omit(dag)
            self._status.finish(dag.node, "Failed")
        else:
            outputs = self._dag_outputs(dag)
            dag.node["outputs"] = {"parameters": [{"name": k, "value": v} for k, v in outputs.parameters.items()]}
            if dag.parent:
                dag.parent[0].outputs[dag.parent[1]] = outputs
            self._status.finish(dag.node, "Succeeded")
        dag.node["outboundNodes"] = self._last(dag)
        return True

    def _omit(self, dag: Dag) -> None:
        """Give a node to every task that will not run because of what failed before it."""
        moved = True
        while moved:
            moved = False
            for name, task in dag.tasks.items():
                before = [dag.nodes[earlier] for earlier in task.get("dependencies") or () if earlier in dag.nodes]
                if name in dag.nodes or all(node["phase"] == "Succeeded" for node in before):
                    continue
                node = self._status.node(f"{dag.node['name']}.{name}", "Skipped", task["template"], dag.node, before)
                self._status.finish(node, "Omitted", OMITTED)
                dag.nodes[name] = node
                moved = True

    def _dag_outputs(self, dag: Dag) -> Outputs:
        declared = dag.template.get("outputs") or {}
        variables = self._scope(dag)
        parameters = {}
        for parameter in declared.get("parameters") or ():
            source = (parameter.get("valueFrom") or {}).get("parameter", parameter.get("value", ""))
            parameters[parameter["name"]] = tags.substitute(str(source), variables)
        artifacts = {}
        for artifact in declared.get("artifacts") or ():
            path = self._artifact(dag, artifact.get("from", ""))
            if isinstance(path, Path):
                artifacts[artifact["name"]] = path
        return Outputs(parameters, artifacts)

    @staticmethod
    def _last(dag: Dag) -> list[str]:
        followed = {earlier for task in dag.tasks.values() for earlier in task.get("dependencies") or ()}
        return [node["id"] for name, node in dag.nodes.items() if name not in followed]

    def _written(self, template_name: str, outcome: Outcome) -> dict[str, Any]:
        """Return a node's outputs in Argo's format."""
        declared = (self._templates[template_name].get("outputs") or {}).get("artifacts") or ()
        paths = {artifact["name"]: artifact["path"] for artifact in declared}
        base = self._directory.path
        artifacts = [
            {"name": name, "path": paths[name], "file": str(where.relative_to(base))}
            for name, where in outcome.outputs.artifacts.items()
        ]
        written: dict[str, Any] = {"artifacts": [*artifacts, {"name": "main-logs"}]}
        if outcome.outputs.parameters:
            written["parameters"] = [{"name": k, "value": v} for k, v in outcome.outputs.parameters.items()]
        if outcome.exit_code is not None:
            written["exitCode"] = str(outcome.exit_code)
        return written

    def _read_outputs(self, node: Node) -> Outputs:
        """Return the outputs of a step that succeeded before, from its node."""
        written = node.get("outputs") or {}
        files = {a["name"]: self._directory.path / a["file"] for a in written.get("artifacts") or () if "file" in a}
        return Outputs({p["name"]: p["value"] for p in written.get("parameters") or ()}, files)
