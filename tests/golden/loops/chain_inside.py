"""Each round of a loop is a chain of tasks, ordered by data and by hand."""

from kfp_jupyter import components, dsl


def download(ticker: str) -> str:
    return "prices"


def clean(prices: str) -> str:
    return prices


def forecast(prices: str, ticker: str) -> float:
    return 1.0


download_op = components.create_component_from_func(download)
clean_op = components.create_component_from_func(clean)
forecast_op = components.create_component_from_func(forecast)


@dsl.pipeline(name="Forecasts")
def pipeline():
    holidays = dsl.ContainerOp(name="holidays", image="alpine:3.19", command=["cal"])
    with dsl.ParallelFor(["ACME", "INIT"]) as ticker:
        prices = download_op(ticker).after(holidays)
        cleaned = clean_op(prices.output)
        audit = dsl.ContainerOp(name="audit", image="alpine:3.19", command=["true"]).after(cleaned)
        forecast_op(cleaned.output, ticker).after(audit)
