"""What the kernel and the page must both know is the same on both sides."""

from __future__ import annotations

import re
from pathlib import Path

from kfp_jupyter.magics.submit_comm import TARGET
from kfp_jupyter.widget.graph import PADDING

LABEXTENSION = Path(__file__).parent.parent / "labextension"
SOURCES = [*LABEXTENSION.glob("src/*.ts"), *LABEXTENSION.glob("style/*.css")]


def constant(file: str, name: str) -> str:
    """Return what a constant of the labextension is, as it is written."""
    found = re.search(rf"^(?:export )?const {name} = (.*);$", (LABEXTENSION / "src" / file).read_text(), re.MULTILINE)
    assert found is not None, f"{file} has no constant {name}"
    return found[1].strip("'")


def names_of_the_view() -> set[str]:
    """Return the class names of run views that the labextension looks for; one more it sets itself."""
    # Behind a dot stands a class; behind `=` a part of a picture's address.
    text = "\n".join(file.read_text() for file in SOURCES)
    return set(re.findall(r"(?:\.|\*=')(kfp-jupyter-[a-z-]+)", text)) - {"kfp-jupyter-without-kernel"}


def test_both_mean_the_same_comm() -> None:
    assert constant("kernelRun.ts", "COMM_TARGET") == TARGET


def test_a_graph_that_is_fitted_anew_keeps_its_padding() -> None:
    assert int(constant("refit.ts", "PADDING")) == PADDING


def test_the_button_in_the_toolbar_is_the_one_that_is_made() -> None:
    schema, index = (LABEXTENSION / "schema/plugin.json").read_text(), (LABEXTENSION / "src/index.ts").read_text()
    command = constant("submitCommand.ts", "COMMAND")

    assert f'"command": "{command}"' in schema
    for name in re.findall(r'"name": "(.*)"', schema):
        assert f"'{name}'" in index


def test_the_page_finds_views_graphs_and_pictures_by_their_classes() -> None:
    package = LABEXTENSION.parent / "kfp_jupyter/widget"
    text = "\n".join(file.read_text() for file in package.rglob("*.py"))
    set_in_python = set(re.findall(r'add_class\("(kfp-jupyter-[a-z-]+)"\)|class="(kfp-jupyter-[a-z-]+)"', text))
    names = {name for names in set_in_python for name in names if name}

    assert names_of_the_view() == {"kfp-jupyter-view", "kfp-jupyter-graph", "kfp-jupyter-picture"}
    assert names_of_the_view() <= names
