"""Outputs of a resource in arguments, in another resource's manifest, and in an order by hand."""

from kfp_jupyter import dsl


@dsl.pipeline(name="service-address")
def pipeline(port: int = 80):
    service = dsl.ResourceOp(
        name="service",
        k8s_resource={
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"generateName": "web-"},
            "spec": {"ports": [{"port": port}], "selector": {"app": "web"}},
        },
        attribute_outputs={"ip": "{.spec.clusterIP}", "Node_Port": "{.spec.ports[0].nodePort}"},
    )
    ingress = dsl.ResourceOp(
        name="ingress",
        k8s_resource={
            "apiVersion": "networking.k8s.io/v1",
            "kind": "Ingress",
            "metadata": {"name": f"for-{service.outputs['name']}"},
            "spec": {"defaultBackend": {"service": {"name": service.outputs["name"], "port": {"number": port}}}},
        },
        attribute_outputs={"host": "{.status.loadBalancer.ingress[0].hostname}"},
    )
    dsl.ContainerOp(
        name="curl",
        image="curlimages/curl:8.6.0",
        arguments=[f"http://{service.outputs['ip']}:{service.outputs['Node_Port']}", ingress.output],
    )
