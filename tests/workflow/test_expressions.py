"""Argo's placeholders are told in words."""

from __future__ import annotations

from typing import Any

import pytest

from kfp_jupyter.workflow.expressions import Scope, condition_text, loop_text, resource_text
from kfp_jupyter.workflow.views import Task, Template

GROUP = {"name": "condition-1", "dag": {"tasks": [{"name": "rescan", "template": "rescan"}]}}
SCOPE = Scope(
    tasks={"flip": "flip", "scan-2": "scan-2", "condition-1": "condition-1"},
    inputs={"flip-Output-loop-item": "item", "limit": "max_rows"},
    templates={name: Template({}) for name in ("flip", "scan-2", "rescan")} | {"condition-1": Template(GROUP)},
)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ('"{{tasks.flip.outputs.parameters.flip-Output}}" == "heads"', "flip.Output == heads"),
        ("{{tasks.scan-2.outputs.parameters.scan-2-rows}} >= {{inputs.parameters.limit}}", "scan-2.rows >= max_rows"),
        ("{{workflow.parameters.rate}} < 0.5", "rate < 0.5"),
        ('"{{inputs.parameters.flip-Output-loop-item}}" != ""', 'item != ""'),
        ("'{{inputs.parameters.unknown}}' == 'two words'", "unknown == 'two words'"),
        ("{{tasks.condition-1.outputs.parameters.rescan-Output}} > 0", "rescan.Output > 0"),
        ("{{workflow.parameters.a}} > 1 && {{workflow.parameters.a}} < 5", "a > 1 and a < 5"),
        ("(a == 1\n  || b == 2)", "(a == 1 or b == 2)"),
        ("{{= asInt(tasks.flip.exitCode) == 0 }}", "asInt(tasks.flip.exitCode) == 0"),
        (None, ""),
    ],
)
def test_a_condition(when: str | None, words: str) -> None:
    assert condition_text(when, SCOPE) == words


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ({"withItems": [1, 2, 3]}, "[1, 2, 3]"),
        ({"withItems": ["é", "b"]}, '["é", "b"]'),
        ({"withItems": list(range(100))}, "100 items"),
        ({"withItems": [{"rate": 0.1, "depth": 1}, {"rate": 0.5, "depth": 2}]}, "2 items (rate, depth)"),
        ({"withItems": []}, "[]"),
        ({"withParam": "{{tasks.flip.outputs.parameters.flip-Output}}"}, "flip.Output"),
        ({"withParam": "{{workflow.parameters.rounds}}"}, "rounds"),
        ({"withParam": "[1, 2]"}, "[1, 2]"),
        ({"withSequence": {"count": "5"}}, "5 numbers"),
        ({"withSequence": {"start": "1", "end": "{{workflow.parameters.last}}"}}, "1 to last"),
        ({}, ""),
    ],
)
def test_a_loop(task: dict[str, Any], words: str) -> None:
    assert loop_text(Task(task), SCOPE) == words


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ({"action": "create", "manifest": "kind: Job\nmetadata: {generateName: train-}"}, "create Job train"),
        (
            {"action": "delete", "manifest": "kind: Pod\nmetadata: {name: '{{inputs.parameters.pod}}'}"},
            "delete Pod p-1",
        ),
        ({"action": "apply", "manifest": "{{inputs.parameters.text}}"}, "apply object"),
        ({"action": "patch", "manifest": "a: b: c"}, "patch object"),
        ({"action": "get", "manifest": "[1]"}, "get object"),
        ({"manifest": "metadata: x"}, "create object"),
        ({"manifest": "kind: Job\na: " + ":".join(["59"] * 200_000)}, "create object"),
        ({"manifest": "kind: Job\na: " + "[" * 100_000}, "create object"),
        ({"manifest": "metadata: &a {name: [*a]}"}, "create object"),
    ],
)
def test_an_object_of_the_cluster(resource: dict[str, Any], words: str) -> None:
    assert resource_text(Template({"resource": resource}), {"pod": "p-1"}) == words
