"""How a person sees a run: pure functions from Workflow and `RunState` to elements, text and HTML; thin widgets.

Importing `kfp_jupyter.widget.run_view` loads ipywidgets and ipycytoscape; the package alone loads neither.
"""

from kfp_jupyter.widget.docstrings import keep_docstrings

keep_docstrings()
