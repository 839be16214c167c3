"""A subgraph inside a condition: constants to loop over, at most three pods at once."""

from kfp_jupyter import dsl


def shell(name, text):
    return dsl.ContainerOp(name=name, image="bash:5.2", command=["bash", "-c"], arguments=[text])


@dsl.pipeline(name="load-test")
def pipeline(target="https://staging.example.org", enabled="true"):
    warm_up = shell("warm-up", f"curl {target}")
    with dsl.Condition(enabled == "true"):
        with dsl.SubGraph(parallelism=3) as limited:
            with dsl.ParallelFor([10, 100, 1000]) as users:
                shell("attack", f"hey -n {users} {target}")
            shell("watch", "top -b")
        limited.after(warm_up)
        shell("report", "cat").after(limited)
