"""A condition whose tasks use the very value that is tested, and a second one that tests it again inside."""

from kfp_jupyter import components, dsl


def count_errors(log: str) -> int:
    return log.count("ERROR")


def open_ticket(errors: int, priority: str):
    print(errors, priority)


count_op = components.create_component_from_func(count_errors)
ticket_op = components.create_component_from_func(open_ticket)


@dsl.pipeline(name="Log watch")
def pipeline(log: str = "ERROR: disk full"):
    errors = count_op(log).output
    with dsl.Condition(errors > 0):
        ticket_op(errors, "low")
        with dsl.Condition(errors > 100):
            ticket_op(errors, "high")
