"""What can be done with a run: stop, terminate, suspend, resume, retry, resubmit, delete.

| file | holds |
|---|---|
| `run_actions.py` | all of them |
| `retry.py` | which nodes of a failed run are run again, as Argo decides it |
| `resubmit.py` | a run's Workflow once more |
| `resume.py` | a suspended run goes on |
"""
