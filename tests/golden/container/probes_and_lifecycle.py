"""Probes, life-cycle hooks, security, ports, terminal: everything else that a container can be told."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="container-settings")
def pipeline(path="/healthz"):
    op = dsl.ContainerOp(name="serve", image="models/server:1.2", command=["serve"])
    probe = k8s.V1Probe(http_get=k8s.V1HTTPGetAction(path=path, port=8080), initial_delay_seconds=3, period_seconds=5)
    alive = k8s.V1Probe(_exec=k8s.V1ExecAction(command=["pgrep", "serve"]), failure_threshold=2)
    (
        op.container.set_readiness_probe(probe)
        .set_liveness_probe(alive)
        .set_security_context(
            k8s.V1SecurityContext(
                run_as_user=1000, run_as_non_root=True, capabilities=k8s.V1Capabilities(add=["SYS_PTRACE"], drop=["ALL"])
            )
        )
        .add_port(k8s.V1ContainerPort(container_port=8080, name="http", protocol="TCP"))
        .set_image_pull_policy("Always")
        .set_stdin()
        .set_stdin_once(False)
        .set_tty()
        .set_termination_message_path("/tmp/message")
        .set_termination_message_policy("FallbackToLogsOnError")
        .add_volume_devices(k8s.V1VolumeDevice(name="raw", device_path="/dev/xvda"))
    )
    stop = k8s.V1LifecycleHandler(_exec=k8s.V1ExecAction(command=["serve", "--drain"]))
    op.container.set_lifecycle(k8s.V1Lifecycle(pre_stop=stop))
