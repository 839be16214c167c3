"""What can be done with a run: stop, terminate, suspend, resume, retry, resubmit, delete.

| file | holds |
|---|---|
| `run_actions.py` | the actions themselves |
| `retry.py` | which nodes of a failed run are run again |
| `resubmit.py` | the Workflow of a new run like an earlier one |
| `resume.py` | a suspended run, resumed |
"""
