"""What is made in one group is used in another: from loop to condition, from condition to loop."""

from kfp_jupyter import components, dsl


def measure(sensor: str) -> float:
    return 1.0


def calibrate(value: float) -> float:
    return value


def plot(value: float, title: str):
    print(value, title)


measure_op = components.create_component_from_func(measure)
calibrate_op = components.create_component_from_func(calibrate)
plot_op = components.create_component_from_func(plot)


@dsl.pipeline(name="Sensors")
def pipeline(title: str = "greenhouse", calibrated: str = "yes"):
    with dsl.ParallelFor(["t1", "t2"]) as sensor:
        measured = measure_op(sensor)
    with dsl.Condition(calibrated == "yes"):
        corrected = calibrate_op(measured.output)
    with dsl.ParallelFor(["linear", "logarithmic"]) as scale:
        plot_op(corrected.output, f"{title} ({scale})")
    plot_op(corrected.output, title)
