"""Why a step waits or failed, in plain words with the remedy.

Files, from what the engine calls down to what is recognised::

    attaching.py    states → states with reasons, side by side with the watch: nothing waits for a reason
     ├─ looks.py       which steps need one, how often the cluster is asked, what is asked of it
     ├─ case.py        all that is known of one step, and the `Reason` that is made of it
     └─ explain.py     the recognisers in their order; the first that says something is believed
         ├─ admission.py   the cluster doesn't let the pod in: quota, limits, policies, accounts
         ├─ scheduling.py  no node takes it: resources, selectors, taints, volumes without a claim
         ├─ images.py      its image can't be had
         ├─ volumes.py     a secret, a ConfigMap, a claim or a mount is missing
         ├─ executor.py    Argo's own containers: artifacts in and out, rights to report
         ├─ endings.py     memory, signals, deadlines, evictions, pods that were deleted
         ├─ waiting.py     locks, and pods that are being prepared
         └─ quantities.py  amounts as Kubernetes writes them

Recognisers are pure: the sentences they look for are those of Kubernetes' and Argo's own sources.
"""
