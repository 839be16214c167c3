"""One DAG template per group: its tasks, their dependencies and their arguments.

Source: ``_group_to_dag_template`` in ``kfp/compiler/compiler.py`` of kfp 1.8.24.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kfp_jupyter.compiler.compact import Sharer
from kfp_jupyter.compiler.data_passing import DataPassing
from kfp_jupyter.compiler.dataflow import Dataflow, Member
from kfp_jupyter.compiler.names import full_name
from kfp_jupyter.compiler.templates import Body
from kfp_jupyter.compiler.when import when
from kfp_jupyter.dsl.graph import Loop
from kfp_jupyter.dsl.placeholders import Reference, fill, single
from kfp_jupyter.naming import parameter_name
from kfp_jupyter.workflow.tags import as_artifact, input_tag, item_tag, output_tag, workflow_tag

Data = dict[str, Any]


class Dags:
    """Makes the templates of a pipeline's groups.

    Args:
        dataflow: What is passed between groups.
        wanted: What is passed by value, and what as an artifact.
        bodies: The templates of tasks.
        sharers: Tasks whose template is shared.
    """

    def __init__(
        self,
        dataflow: Dataflow,
        wanted: DataPassing,
        bodies: Mapping[str, Body],
        sharers: Mapping[str, Sharer],
    ) -> None:
        self._sharers = sharers
        self._dataflow = dataflow
        self._wanted = wanted
        self._bodies = bodies

    def templates(self) -> Iterator[Data]:
        """Yield one template for each group; a recursion has none of its own."""
        for member in self._dataflow.members.values():
            if member.group.recursion is None:
                yield self._template(member)

    def _template(self, member: Member) -> Data:
        group = member.group
        template: Data = {"name": group.name}
        if group.parallelism is not None:
            template["parallelism"] = group.parallelism
        taken = sorted(self._dataflow.inputs.get(member.key, {}))
        inputs = {
            "parameters": [{"name": name} for name in taken if (group.name, name) in self._wanted.inputs_by_value],
            "artifacts": [{"name": name} for name in taken if (group.name, name) in self._wanted.inputs_by_artifact],
        }
        outputs = self._outputs(member)
        for key, ports in (("inputs", inputs), ("outputs", outputs)):
            if any(ports.values()):
                template[key] = {kind: entries for kind, entries in ports.items() if entries}
        tasks = [self._task(name) for name in group.tasks]
        tasks += [self._group_task(inner) for inner in self._dataflow.children[member.key]]
        template["dag"] = {"tasks": sorted(tasks, key=lambda task: str(task["name"]))}
        return template

    def _outputs(self, member: Member) -> dict[str, list[Data]]:
        outputs: dict[str, list[Data]] = {"parameters": [], "artifacts": []}
        for name, source in sorted(self._dataflow.outputs.get(member.key, {}).items()):
            tag, port = self._tag(name, source), (member.group.name, name)
            if port in self._wanted.outputs_by_value:
                outputs["parameters"].append({"name": name, "valueFrom": {"parameter": tag}})
            if port in self._wanted.outputs_by_artifact:
                outputs["artifacts"].append({"name": name, "from": as_artifact(tag)})
        return outputs

    def _task(self, name: str) -> Data:
        if name in self._sharers:
            return self._sharing_task(name, self._sharers[name])
        task: Data = {"name": name, "template": name}
        self._add_dependencies(task, name)
        handed = {full: self._tag(full, source) for full, source in self._dataflow.inputs.get(name, {}).items()}
        extra = [
            (file.name, full_name(file.source)) for file in self._bodies[name].files
            if file.source is not None and file.name != full_name(file.source)
        ]  # fmt: skip
        self._add_arguments(task, name, handed, extra)
        return task

    def _sharing_task(self, name: str, sharer: Sharer) -> Data:
        task: Data = {"name": name, "template": sharer.template}
        self._add_dependencies(task, name)
        taken = self._dataflow.inputs.get(name, {})

        def tag(reference: Reference) -> str:
            full = full_name(reference)
            return self._tag(full, taken.get(full))

        parameters = [{"name": key, "value": fill(text, tag)} for key, text in sorted(sharer.arguments.items())]
        artifacts = []
        for file in sorted(sharer.files, key=lambda file: parameter_name(file.name)):
            source = single(file.data)
            artifact = self._file(tag(source)) if source else {"raw": {"data": fill(file.data, tag)}}
            artifacts.append({"name": parameter_name(file.name), **artifact})
        arguments = {"parameters": parameters, "artifacts": artifacts}
        if parameters or artifacts:
            task["arguments"] = {kind: entries for kind, entries in arguments.items() if entries}
        return task

    def _group_task(self, member: Member) -> Data:
        group = member.group
        task: Data = {"name": group.name, "template": group.name}
        taken = self._dataflow.inputs.get(member.key, {})

        def tag(reference: Reference) -> str:
            name = full_name(reference)
            return self._tag(name, taken.get(name))

        if group.condition is not None:
            task["when"] = when(group.condition, tag)
        self._add_dependencies(task, member.key)
        if group.recursion is not None:
            names = {full_name(known): full_name(passed) for known, passed in group.recursion}
            handed = {known: self._tag(name, taken.get(name)) for known, name in names.items() if name in taken}
        else:
            handed = {name: self._handed(member, name, source) for name, source in taken.items()}
        self._add_arguments(task, group.name, handed)
        if group.loop is not None:
            task.update(self._loop(group.loop, tag))
            if isinstance(group.loop.items, Reference) and group.loop.items.task:
                task.setdefault("dependencies", [])  # As kfp has it.
        return task

    def _handed(self, member: Member, name: str, source: str | None) -> str:
        """Return the argument of a group's input; that of a loop's item is Argo's ``{{item}}``."""
        if self._dataflow.is_item(member, name):
            _, subvar, key = name.rpartition("-subvar-")
            item = full_name(member.group.loop.item) if member.group.loop else ""
            return item_tag(key if subvar and name != item else "")
        return self._tag(name, source)

    def _loop(self, loop: Loop, tag: Any) -> Data:
        def source(reference: Reference) -> str:
            if reference.task or self._dataflow.is_loop_item(reference):
                return str(tag(reference))
            return workflow_tag(full_name(reference))

        if isinstance(loop.items, Reference):
            return {"withParam": source(loop.items)}
        items = loop.items
        if isinstance(items[0], dict):
            items = [{parameter_name(key): value for key, value in item.items()} for item in items]
        return {"withItems": fill(items, source)}

    def _add_dependencies(self, task: Data, key: str) -> None:
        names = self._dataflow.depends.get(key)
        if names:
            task["dependencies"] = sorted(names)

    def _add_arguments(
        self, task: Data, template: str, handed: Mapping[str, str], extra: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Add those of the possible arguments that a template uses.

        Args:
            task: The task of the DAG.
            template: Its template.
            handed: Name of the input to the tag of its value.
            extra: Further input artifacts and the names of those they equal.
        """
        parameters, artifacts = [], []
        for name, value in sorted(handed.items()):
            if (template, name) in self._wanted.inputs_by_value:
                parameters.append({"name": name, "value": value})
            if (template, name) in self._wanted.inputs_by_artifact:
                copies = (name, *(copy for copy, original in extra if original == name))
                artifacts += [{"name": copy, **self._file(value)} for copy in copies]
        arguments = {"parameters": parameters, "artifacts": artifacts}
        if parameters or artifacts:
            task["arguments"] = {kind: entries for kind, entries in arguments.items() if entries}

    def _file(self, value: str) -> Data:
        """Return an artifact: one that exists already, or one that is made from a value."""
        parts = value.strip("{}").split(".")
        if parts[0] == "inputs" or (parts[0] == "tasks" and not self._is_resource(parts[1])):
            return {"from": as_artifact(value)}
        return {"raw": {"data": value}}

    def _is_resource(self, task: str) -> bool:
        return task in self._bodies and "resource" in self._bodies[task].fields

    def _tag(self, name: str, source: str | None) -> str:
        if source is None:
            return input_tag(name)
        sharer = self._sharers.get(source)
        return output_tag(source, sharer.outputs[name] if sharer else name)
