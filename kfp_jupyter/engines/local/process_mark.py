"""The environment variable that marks the processes of a run."""

RUN_DIRECTORY_VARIABLE = "KFP_JUPYTER_RUN_DIRECTORY"
"""Environment variable of all processes of a run: its directory, for a step's processes their node's."""
