"""Names."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kfp_jupyter.naming import k8s_name, parameter_name, unique_name


@given(st.text())
def test_a_name_for_kubernetes_is_one_or_nothing(name: str) -> None:
    made = k8s_name(name)
    assert made == "" or re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", made)
    assert k8s_name(made) == made


def test_parameter_names_keep_capitals_and_underscores() -> None:
    assert parameter_name("add-My_Output (1)") == "add-My_Output-1"


@given(st.text(min_size=1), st.sets(st.text(min_size=1)))
def test_a_unique_name_is_not_taken(name: str, taken: set[str]) -> None:
    made = unique_name(name, taken)
    assert made not in taken
    assert made == name or made.startswith(f"{name}-")
