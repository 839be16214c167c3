"""A parameter that nothing but a condition reads."""

from kfp_jupyter import dsl


@dsl.pipeline(name="maintenance")
def pipeline(dry_run: bool = True, host: str = "db.example.org"):
    backup = dsl.ContainerOp(name="backup", image="postgres:16", command=["pg_dump"], arguments=["--host", host])
    with dsl.Condition(dry_run == False):
        dsl.ContainerOp(name="vacuum", image="postgres:16", command=["vacuumdb", "--all"]).after(backup)
