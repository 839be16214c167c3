"""A pipeline that is a method, decorated in its class."""

from kfp_jupyter import dsl


class Flow:
    suffix = "!"

    @dsl.pipeline(name="method", description="of a class")
    def run(self, a: str = "x"):
        dsl.ContainerOp(name="c", image="alpine:3.19", arguments=[a, self.suffix])


pipeline = Flow().run
