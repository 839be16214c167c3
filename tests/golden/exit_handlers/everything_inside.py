"""An exit handler around conditions, loops and a chain."""

from kfp_jupyter import components, dsl


def list_tables(database: str) -> list:
    return ["orders"]


def dump(table: str) -> int:
    return 10


def check(rows: int) -> str:
    return "complete"


def release_lock():
    print("unlocked")


tables_op = components.create_component_from_func(list_tables)
dump_op = components.create_component_from_func(dump)
check_op = components.create_component_from_func(check)
unlock_op = components.create_component_from_func(release_lock)


@dsl.pipeline(name="Locked dump")
def pipeline(database: str = "shop", verify: str = "yes"):
    with dsl.ExitHandler(unlock_op()):
        tables = tables_op(database)
        with dsl.ParallelFor(tables.output) as table:
            dumped = dump_op(table)
            with dsl.Condition(verify == "yes"):
                checked = check_op(dumped.output)
                with dsl.Condition(checked.output != "complete"):
                    dump_op(table)
        with dsl.Condition(database == "shop"):
            dump_op("prices").after(tables)
