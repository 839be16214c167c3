"""How a Kubernetes API is reached: which one, as whom, by which way.

| file | holds |
|---|---|
| `sources.py` | which API: a pod's own account, or a context of a kubeconfig |
| `credentials.py` | as whom: tokens, files of tokens, passwords, programs that log in |
| `plugins.py` | such programs: what they say while they run, what they give |
| `clients.py` | the Kubernetes client with all that, and with the proxy that kubectl would take |
| `failures.py` | what the libraries raise when a request fails |
| `clocks.py` | clocks that differ |
| `quiet_pools.py` | connections that don't warn of what the kubeconfig has asked for |
"""
