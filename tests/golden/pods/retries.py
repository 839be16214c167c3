"""Retries: how often, after what, how long apart; the count as a parameter."""

from kfp_jupyter import dsl


def flaky(name):
    return dsl.ContainerOp(name=name, image="alpine:3.19", command=["sh", "-c", "exit $((RANDOM % 2))"])


@dsl.pipeline(name="retries")
def pipeline(times: int = 3):
    flaky("plain").set_retry(2)
    flaky("policy").set_retry(5, policy="Always")
    flaky("backoff").set_retry(3, "OnFailure", backoff_duration="30s", backoff_factor=2, backoff_max_duration="10m")
    flaky("transient").set_retry(1, policy="OnTransientError", backoff_duration="60")
    flaky("given").set_retry(times)
    flaky("half").set_retry(2, backoff_factor=1.5)
