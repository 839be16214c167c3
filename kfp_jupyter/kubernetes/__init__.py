"""A client of the Kubernetes API: for the Argo engine, for images that a cluster builds, and for whatever comes.

Files, from what a caller sees down to the wire::

    services.py          services of the cluster, and a way to one of their pods from this machine
     └─ local_listener.py   a port of this machine that leads to one of a pod
         └─ port_forward.py    one connection to a port of a pod
    objects.py           pods, secrets, ConfigMaps, events and services as plain data
    pods.py              what a pod says of a container: whether it runs, why it waits, how it ended
    connection.py        one question, one answer, or an answer that is read while it comes
     ├─ errors.py           everything that a question may end with
     ├─ translation.py      what the libraries raise → those errors
     ├─ api_errors.py       answers that aren't success → those errors, with a remedy
     ├─ rbac.py             what is asked as roles name it, and the commands that allow it
     └─ clients.py          the Kubernetes client with credentials, and with the proxy that kubectl would take
         ├─ sources.py         which API: a pod's own account, or a context of a kubeconfig
         ├─ credentials.py     as whom: tokens, files of tokens, passwords, programs that log in
         ├─ plugins.py         such programs: what they say while they run, what they give
         ├─ clocks.py          clocks that differ
         └─ quiet_pools.py     connections that don't warn of what the kubeconfig has asked for
"""
