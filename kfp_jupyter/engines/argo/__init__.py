"""Runs compiled Workflows on a Kubernetes with Argo Workflows, through the Kubernetes API.

Files, from what a caller sees down to the wire::

    engine.py           ArgoEngine, the `Engine` protocol for one namespace
     ├─ submission.py      Workflow + arguments → the object that is created
     ├─ watch/             the newest state, whatever breaks in between
     ├─ diagnosis/         why a step waits or failed, beside the watch
     ├─ logs/              a step's log, of all its attempts
     ├─ artifacts/         which store an artifact is in, and its bytes
     ├─ actions/           stop, terminate, suspend, resume, retry, resubmit, delete
     ├─ schedules/         runs that start by the clock
     ├─ doctor/            what the engine reaches and what is missing
     ├─ listing.py         which runs there are
     │   └─ summaries.py      how one stands, asked for often
     └─ objects.py         Workflows of one namespace, beside what `kubernetes.objects` has
         ├─ argo_server.py    an Argo Server, for what only it has: offloaded nodes, the archive, other stores
         ├─ stored_nodes.py   status.nodes, wherever the controller has put them
         ├─ pods.py           a node's pod: its name, and which of its containers is whose
         ├─ requirements.py   what the engine needs of a cluster, for `kubernetes.connection`
"""

NAME = "argo"
"""Name of the engine, also in `RunRef`."""
