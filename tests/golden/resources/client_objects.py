"""Kubernetes objects of the Kubernetes client, with parameters inside, and the outputs they have."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="client-objects")
def pipeline(name="login", password="secret", replicas: int = 2):
    secret = dsl.ResourceOp(
        name="secret",
        k8s_resource=k8s.V1Secret(
            api_version="v1",
            kind="Secret",
            metadata=k8s.V1ObjectMeta(name=name, labels={"made-by": "pipeline", "name": name}),
            type="Opaque",
            string_data={"password": password, "fixed": "1"},
        ),
        attribute_outputs={"uid": "{.metadata.uid}"},
    )
    deployment = k8s.V1Deployment(
        api_version="apps/v1",
        kind="Deployment",
        metadata=k8s.V1ObjectMeta(name="web"),
        spec=k8s.V1DeploymentSpec(
            replicas=replicas,
            selector=k8s.V1LabelSelector(match_labels={"app": "web"}),
            template=k8s.V1PodTemplateSpec(
                metadata=k8s.V1ObjectMeta(labels={"app": "web", "secret": secret.output}),
                spec=k8s.V1PodSpec(containers=[k8s.V1Container(name="web", image="nginx:1.25")]),
            ),
        ),
    )
    dsl.ResourceOp(name="deployment", k8s_resource=deployment, action="apply", success_condition="status.readyReplicas")
