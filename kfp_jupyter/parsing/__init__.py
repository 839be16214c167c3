"""Readers of files and texts of unknown origin, within limits: whatever the content, reading ends soon.

::

    limits.py        all limits
    files.py         a file → its bytes
    yaml_reader.py   YAML → plain data
    json_reader.py   JSON → plain data

What is refused is an `UnreadableError`, whose reason its reader makes a sentence of.
"""

from kfp_jupyter.parsing.limits import COMPONENT, MANIFEST, WORKFLOW, Limits, UnreadableError

__all__ = ["COMPONENT", "MANIFEST", "WORKFLOW", "Limits", "UnreadableError"]
