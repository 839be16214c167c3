"""Where pods may and should run; a parameter in a toleration."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="scheduling")
def pipeline(taint="gpu-only"):
    op = dsl.ContainerOp(name="fold proteins", image="fold/fold:2", command=["fold"])
    op.add_toleration(k8s.V1Toleration(key="dedicated", operator="Equal", value=taint, effect="NoExecute"))
    op.add_toleration(k8s.V1Toleration(operator="Exists", toleration_seconds=60))
    term = k8s.V1NodeSelectorTerm(
        match_expressions=[k8s.V1NodeSelectorRequirement(key="cpu", operator="In", values=["epyc", "xeon"])]
    )
    near = k8s.V1PodAffinityTerm(
        topology_key="zone", label_selector=k8s.V1LabelSelector(match_labels={"app": "cache"})
    )
    op.add_affinity(
        k8s.V1Affinity(
            node_affinity=k8s.V1NodeAffinity(
                required_during_scheduling_ignored_during_execution=k8s.V1NodeSelector(node_selector_terms=[term]),
                preferred_during_scheduling_ignored_during_execution=[
                    k8s.V1PreferredSchedulingTerm(preference=term, weight=10)
                ],
            ),
            pod_affinity=k8s.V1PodAffinity(required_during_scheduling_ignored_during_execution=[near]),
        )
    )
