"""A loop over records that a task makes; the item as a whole and its fields."""

from typing import NamedTuple

from kfp_jupyter import components, dsl


def plan(city: str) -> NamedTuple("Plan", [("stops", list), ("count", int)]):
    stops = [{"place": "harbour", "minutes": 10}, {"place": "museum", "minutes": 90}]
    return stops, len(stops)


def visit(place: str, minutes: int, everything: dict):
    print(place, minutes, everything)


plan_op = components.create_component_from_func(plan)
visit_op = components.create_component_from_func(visit)


@dsl.pipeline(name="City tour")
def pipeline(city: str = "Hamburg"):
    planned = plan_op(city)
    with dsl.ParallelFor(planned.outputs["stops"]) as stop:
        visit_op(stop.place, stop.minutes, "{}")
        visit_op("whole", planned.outputs["count"], stop)
