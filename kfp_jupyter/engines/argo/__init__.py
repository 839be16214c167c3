"""Runs compiled Workflows on a Kubernetes with Argo Workflows, through the Kubernetes API alone.

Files, from what a caller sees down to the wire::

    engine.py        ArgoEngine, the `Engine` protocol for one namespace
     ├─ submission.py   Workflow + arguments → the object that is created
     ├─ watching.py     list, watch, list again: the newest state, whatever breaks in between
     ├─ logs.py         a step's log: live, then from where it was kept
     │   └─ log_lines.py   time-stamped bytes → text, each line once
     ├─ artifacts.py    which store an artifact is in, and what its bytes are
     │   ├─ s3.py          S3 and MinIO, with the credentials the cluster keeps
     │   └─ forwarding.py  a way to a store that only the cluster reaches
     ├─ actions.py      terminate, stop, retry, delete
     │   └─ retrying.py    which nodes of a failed run are done again, as Argo decides it
     ├─ listing.py      which runs there are
     └─ objects.py      the objects of one namespace, by the paths of the API
         ├─ nodes.py       status.nodes, wherever the controller has put them
         ├─ pods.py        a node's pod: its name, and what its container does
         ├─ background.py  a thread that waits on the network, so that callers needn't
         ├─ errors.py      what went wrong → a sentence and a remedy
         └─ connection.py  the only file that knows the Kubernetes client
"""
