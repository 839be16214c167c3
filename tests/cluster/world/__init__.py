"""What runs inside the cluster's namespaces.

| file | holds |
|---|---|
| `__main__.py` | the first process, and the order in which all is started |
| `supervisor.py` | keeps programs running, each with a log of its own; obeys `tests.cluster.control` |
| `network.py` | bridge, names of services, doors to the machine; what the machine's directories are covered with |
| `kube.py` | talking to the API: kubeconfigs, kubectl |
| `control_plane.py` | etcd, API server, controller manager, scheduler |
| `node.py` | containerd, kubelet, kube-proxy |
| `storage.py` | MinIO and MariaDB |
| `argo.py` | the workflow controller and what it is set up with |
| `kubeflow.py` | the API server of Kubeflow Pipelines, its agent, its schedules |
"""
