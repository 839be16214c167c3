"""An exit handler with a name to show, whose task has settings of its own."""

from kubernetes import client as k8s

from kfp_jupyter import dsl


@dsl.pipeline(name="ticket-at-the-end")
def pipeline(host="db-1"):
    ticket = dsl.ContainerOp(
        name="close ticket",
        image="ops/tickets:3",
        command=["close"],
        arguments=["--status", "{{workflow.status}}", "--run", dsl.RUN_ID_PLACEHOLDER],
    )
    ticket.container.add_env_variable(k8s.V1EnvVar(name="QUEUE", value="night"))
    ticket.set_retry(3).set_display_name("Ticket")
    with dsl.ExitHandler(ticket, name="always close the ticket"):
        dsl.ContainerOp(name="upgrade", image="ops/upgrade:3", arguments=["--host", host])
