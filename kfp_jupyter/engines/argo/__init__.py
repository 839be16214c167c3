"""Runs compiled Workflows on a Kubernetes with Argo Workflows, through the Kubernetes API.

Files, from what a caller sees down to the wire::

    engine.py        ArgoEngine, the `Engine` protocol for one namespace
     ├─ submission.py   Workflow + arguments → the object that is created
     ├─ watching.py     list, watch, list again: the newest state, whatever breaks in between
     │   └─ watch_events.py   lines of a watch → what they tell
     ├─ reasons/        why a step waits or failed, beside the watch
     ├─ logs.py         a step's log, all of its attempts
     │   └─ attempt_log.py  one attempt's: live, then from where it was kept
     │       └─ log_lines.py   time-stamped bytes → text, each line once
     │           ├─ launcher_lines.py  what Argo's launcher writes among them
     │           └─ handed_out.py  what was read of a log, to be compared with the kept one
     ├─ artifacts.py    which store an artifact is in, and what its bytes are
     │   ├─ repositories.py  the store of a run, where its artifacts name only their key
     │   ├─ s3.py          S3 and MinIO, with the credentials the cluster keeps
     │   └─ forwarding.py  a way to a store that only the cluster reaches
     │       └─ tunnels.py     one connection through the Kubernetes API to a port of a pod
     ├─ actions.py      stop, terminate, suspend, resume, retry, resubmit, delete
     │   ├─ retrying.py    which nodes of a failed run are done again, as Argo decides it
     │   ├─ resubmission.py   a run's workflow once more
     │   └─ suspending.py  what lets a run go on that is held up
     ├─ schedules.py    runs that start by the clock
     │   └─ cron.py        the text that says when
     ├─ listing.py      which runs there are
     │   └─ glances.py     how one stands, asked for often
     └─ objects.py      the objects of one namespace, by the paths of the API
         ├─ server.py      an Argo Server, for what only it has: offloaded nodes, the archive, other stores
         ├─ nodes.py       status.nodes, wherever the controller has put them
         ├─ pods.py        a node's pod: its name, and what its container does
         ├─ background.py  a thread that waits on the network, so that callers needn't
         ├─ times.py       times as Argo's controller writes them
         ├─ errors.py      what went wrong → a sentence and a remedy
         └─ connection.py  asking the API, which `kfp_jupyter.kubernetes` leads to
"""
