"""Items of a loop in the settings of its tasks: image, environment, limits, display name."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="python-versions")
def pipeline():
    versions = [{"python": "3.10", "memory": "512Mi"}, {"python": "3.12", "memory": "1Gi"}]
    with dsl.ParallelFor(versions) as version:
        tests = dsl.ContainerOp(name="tests", image=f"python:{version.python}-slim", command=["tox"])
        tests.container.add_env_variable(k8s.V1EnvVar(name="TOXENV", value=f"py{version.python}"))
        tests.set_memory_limit(version.memory)
        tests.set_display_name("tests of one version")
