"""The grammar of ``{{…}}``: what is written is read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.workflow.tags import (
    Kind,
    Output,
    as_artifact,
    as_parameter,
    input_of,
    input_tag,
    is_input,
    item_tag,
    names,
    output_of,
    output_tag,
    replace_tags,
    sole_name,
    substitute,
    workflow_tag,
)

NAMES = st.from_regex(r"[a-z][a-z.-]{0,8}", fullmatch=True)
PARTS = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True)
KINDS: tuple[Kind, ...] = ("parameters", "artifacts")


@given(st.text())
def test_text_without_variables_stays_as_it_is(text: str) -> None:
    assert substitute(text, {}) == text


@given(NAMES, st.text(), st.text(alphabet="ab \n'\"$"), st.text(alphabet="ab \n'\"$"))
def test_a_value_is_put_in_as_it_is_and_never_looked_at_again(name: str, value: str, before: str, after: str) -> None:
    text = f"{before}{{{{{name}}}}}{after}"
    assert substitute(text, {name: value, "other": "no"}) == before + value + after


@given(st.dictionaries(NAMES, st.just("{{other}}"), min_size=1, max_size=4))
def test_a_tag_inside_a_value_stays(variables: dict[str, str]) -> None:
    text = "".join(f"{{{{{name}}}}}" for name in variables)
    assert substitute(text, variables | {"other": "no"}) == "{{other}}" * text.count("{{") or "other" in variables


def test_blanks_in_a_tag_are_no_part_of_its_name() -> None:
    assert substitute("<{{ a.b }}>", {"a.b": "1"}) == "<1>"


def test_the_names_of_a_text_are_found() -> None:
    assert list(names("{{a}} {{b c}} {{{d.e}}} {f}")) == ["a", "d.e"]
    assert (sole_name(" {{a.b}} "), sole_name("x{{a.b}}")) == ("a.b", "")


@given(PARTS, PARTS, st.sampled_from(KINDS))
def test_the_tag_of_an_output_names_task_kind_and_output(task: str, name: str, kind: Kind) -> None:
    assert output_of(sole_name(output_tag(task, name, kind))) == Output(task, kind, name)


@given(PARTS, st.sampled_from(KINDS))
def test_the_tag_of_an_input_names_it(name: str, kind: Kind) -> None:
    tag = sole_name(input_tag(name, kind))
    other: Kind = "artifacts" if kind == "parameters" else "parameters"
    assert (input_of(tag), input_of(tag, kind), input_of(tag, other)) == (name, name, None)


@pytest.mark.parametrize("name", ["workflow.name", "item", "tasks.a.status", "inputs.parameters", ""])
def test_other_names_are_neither(name: str) -> None:
    assert (output_of(name), input_of(name)) == (None, None)


@given(PARTS, PARTS)
def test_a_parameter_and_an_artifact_of_one_name_have_tags_that_differ_in_that(task: str, name: str) -> None:
    tag = output_tag(task, name)
    assert as_artifact(tag) == output_tag(task, name, "artifacts")
    assert as_parameter(as_artifact(tag)) == tag
    assert as_parameter(as_artifact(tag), "-subpath") == output_tag(task, f"{name}-subpath")


def test_items_and_parameters_of_the_workflow() -> None:
    assert (item_tag(), item_tag("a"), workflow_tag("b")) == ("{{item}}", "{{item.a}}", "{{workflow.parameters.b}}")


def test_what_begins_with_an_input_and_ends_with_a_tag_is_only_known_to_argo() -> None:
    assert is_input("{{inputs.parameters.a}}")
    assert is_input("{{inputs.parameters.a}}-{{inputs.parameters.b}}")
    assert not is_input("{{inputs.parameters.a}}Gi")
    assert not is_input("{{workflow.name}}")


def test_expressions_are_replaced_as_names_are() -> None:
    assert (
        replace_tags("{{a.b}} {{= asInt(c) > 1 }} {{\nd }}", lambda found: f"<{found}>") == "<a.b> <asInt(c) > 1> <d>"
    )
