"""Names to show, with letters and signs that a Kubernetes name can't hold."""

from kfp_jupyter import components, dsl


def step(number: int):
    print(number)


step_op = components.create_component_from_func(step)


@dsl.pipeline(name="display-names")
def pipeline(number: int = 1):
    step_op(number).set_display_name("Première étape: «Ähre»")
    step_op(2).set_display_name('Second "step" #2')
    step_op(number).set_display_name(f"step {number}")
    dsl.VolumeOp(name="disk", resource_name="d", size="1Gi").set_display_name("A disk")
