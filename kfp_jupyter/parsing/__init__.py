"""Files and texts of unknown origin, read within limits: whatever they hold, reading them ends, and soon.

::

    limits.py        the limits, all of them
    files.py         a file → its bytes
    yaml_reader.py   YAML → plain data
    json_reader.py   JSON → plain data

What is refused is an `UnreadableError`, whose reason its reader makes a sentence of.
"""

from kfp_jupyter.parsing.limits import COMPONENT, MANIFEST, WORKFLOW, Limits, UnreadableError

__all__ = ["COMPONENT", "MANIFEST", "WORKFLOW", "Limits", "UnreadableError"]
