"""Why a step waits or failed, in plain words with the remedy.

| file | holds |
|---|---|
| `annotated_watch.py` | states → states with reasons, side by side with the watch: nothing waits for a reason |
| `diagnoser.py` | which steps need a reason, how often the cluster is asked, what it is asked |
| `cluster_queries.py` | the questions |
| `step_facts.py` | all that is known of one step, and the `Reason` that is made of it |
| `explain.py` | the recognisers in their order; the first that finds its cause is believed |
| `admission.py` | the cluster doesn't admit the pod: quota, limits, policies, accounts |
| `scheduling.py` | no node takes it: resources, selectors, taints, volumes without a claim |
| `images.py` | its image can't be pulled |
| `volumes.py` | a secret, a ConfigMap, a claim or a mount is missing |
| `executor.py` | Argo's own containers: artifacts in and out, rights to report |
| `terminations.py` | memory, signals, deadlines, evictions, pods that were deleted |
| `waiting.py` | locks, and pods that are being prepared |

Recognisers are pure functions of `StepFacts`. The sentences that they look for are those of Kubernetes 1.34
(``pkg/kubelet``, ``pkg/scheduler``) and of Argo Workflows 3.7 (``workflow/controller``, ``workflow/executor``).
"""
