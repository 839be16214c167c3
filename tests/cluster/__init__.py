"""A real Kubernetes with Argo Workflows, MinIO and Kubeflow Pipelines on one Linux machine, for tests.

Nothing comes from an image registry: programs are built from Go modules, images of them and of Debian packages. The
cluster lives in network, mount and process namespaces of its own. It can reach nothing outside; the machine reaches
it through relays on 127.0.0.1. All of it ends with its first process.

What is where:

| file | holds |
|---|---|
| `__main__.py` | `python -m tests.cluster build, up, down, status` |
| `fixture.py` | what tests ask for: `cluster`, `namespace`, `whole_cluster`, `cluster_relay` |
| `not_run.py` | the list of those that had nothing to run on |
| `side_by_side.py` | many runs at once, for tests that each look at one |
| `running.py` | `Cluster`: the addresses of a running one, its programs, its namespaces |
| `namespaces.py` | a namespace with all that runs need |
| `relay.py` | a way to the API that can be cut, hung and slowed |
| `lifecycle.py` | starting, ending and sharing the cluster that was built |
| `locks.py` | locks between processes |
| `places.py`, `shell.py` | where things are kept; running a command |
| `build.py`, `programs.py`, `images.py` | what is built: all of it, of Go modules, of Debian packages |
| `archive.py` | image archives |
| `groups.py` | the control group above those of pods |
| `control.py` | stopping and starting single programs of the running cluster |
| `recovery.py` | waiting until a cluster that was disturbed works again |
| `pause/` | the one Go program of our own |
| `world/` | what runs inside the namespaces: a file a subject |
"""
