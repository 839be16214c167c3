"""What the Argo engine reaches and what is missing, each with its remedy.

| file | looks at |
|---|---|
| `run_checks.py` | all of it, in order; nothing of it is an error, and no look takes for ever |
| `context.py` | what the looks share: the way to the cluster, and who asks |
| `access.py` | the API, the account, the namespace, its rights |
| `installation.py` | Argo's kinds of objects, and whether its controller is alive |
| `account.py` | the service account of runs, and whether it may report |
| `storage.py` | the artifact repository, the Argo Server |
"""
