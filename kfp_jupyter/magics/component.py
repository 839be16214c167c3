"""``%%component``: the cell becomes a component."""

from __future__ import annotations

import sys

from IPython.display import display

from kfp_jupyter.components.cell import component_from_cell
from kfp_jupyter.components.component import StepSettings
from kfp_jupyter.components.source import CellSource
from kfp_jupyter.errors import KfpJupyterError
from kfp_jupyter.magics.arguments import Option, flag, parse, quantity, requirements, text
from kfp_jupyter.magics.session import Session
from kfp_jupyter.widget.card import ComponentCard

MAGIC = "%%component"

OPTIONS = (
    Option("base_image", text, f"python:{sys.version_info[0]}.{sys.version_info[1]}", "image the step runs in"),
    Option("packages", requirements, [], "what pip installs before the step, separated by commas"),
    Option("cpu", quantity, "", "CPU limit, such as 500m"),
    Option("memory", quantity, "", "memory limit, such as 1Gi"),
    Option("name", text, "", "the component's name for people"),
    Option("function", text, "", "which function of the cell"),
    Option("isolated", flag, False, "run without what the notebook has installed (local engine)"),
    Option("cache", flag, True, "whether an earlier result of the same step may be used"),
    Option("replace", flag, False, "take the place of another cell's component of the name"),
)


def component(session: Session, line: str, cell: str) -> None:
    """Make a component of a cell, bind its name and show its card.

    Args:
        session: The notebook's.
        line: What stands behind the magic.
        cell: What stands below it.

    Raises:
        KfpJupyterError: With the line of the cell at fault.
    """
    source_label = session.cell_label
    values = parse(MAGIC, line, OPTIONS)
    source = CellSource(cell, source_label)
    made, missing = component_from_cell(
        source,
        function=values["function"],
        image=values["base_image"],
        packages=values["packages"],
        name=values["name"],
        settings=StepSettings(values["cpu"], values["memory"], values["isolated"], values["cache"]),
    )
    try:
        session.add_component(made.__name__, made, replace=values["replace"])
    except KfpJupyterError as error:
        error.position = source.at(source.choose(made.__name__, "component").lineno)
        raise
    display(ComponentCard(made, values["packages"], missing))
