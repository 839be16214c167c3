"""A loop over names; the item is used by itself and inside longer texts."""

from kfp_jupyter import dsl


@dsl.pipeline(name="mirror-repositories")
def pipeline(registry="registry.example.org"):
    with dsl.ParallelFor(["debian", "ubuntu", "alpine: edge", "100"]) as distribution:
        dsl.ContainerOp(
            name="mirror",
            image="quay.io/skopeo/stable:v1.14",
            command=["skopeo", "copy"],
            arguments=[f"docker://{distribution}", f"docker://{registry}/{distribution}-mirror", distribution],
        )
