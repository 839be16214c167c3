"""A file made outside is read inside a loop and inside nested conditions, without passing through parameters."""

from kfp_jupyter import components, dsl
from kfp_jupyter.components import InputPath, OutputPath


def download(url: str, table_path: OutputPath("CSV")):
    pass


def plot(column: str, table_path: InputPath("CSV")):
    print(column, table_path)


download_op = components.create_component_from_func(download)
plot_op = components.create_component_from_func(plot, packages_to_install=["matplotlib==3.8.*"])


@dsl.pipeline(name="Plots")
def pipeline(url: str = "https://example.org/t.csv", scatter: str = "yes", pairs: str = "no"):
    downloaded = download_op(url)
    with dsl.ParallelFor(["height", "weight"]) as column:
        plot_op(column, downloaded.output)
        with dsl.Condition(scatter == "yes"):
            with dsl.Condition(pairs == "no"):
                plot_op("both", downloaded.outputs["table"])
