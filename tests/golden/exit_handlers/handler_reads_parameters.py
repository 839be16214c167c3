"""The task at the end reads parameters of the pipeline."""

from kfp_jupyter import components, dsl


def send_mail(to: str, subject: str):
    print(to, subject)


def bill(customer: str) -> float:
    return 12.5


mail_op = components.create_component_from_func(send_mail)
bill_op = components.create_component_from_func(bill)


@dsl.pipeline(name="Billing")
def pipeline(customer: str = "ACME", operator_mail: str = "ops@example.org", month: str = "May"):
    with dsl.ExitHandler(mail_op(operator_mail, f"billing of {customer} in {month} is over")):
        bill_op(customer)
