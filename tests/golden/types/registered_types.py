"""Parameters of a pipeline with types of the types module, plain classes, texts and dictionaries."""

from typing import Dict, List, Optional

from kfp_jupyter import dsl
from kfp_jupyter.dsl.types import Bool, Float, GCPProjectID, GCPRegion, GCRPath, GCSPath, Integer, LocalPath, String


@dsl.pipeline(name="typed-parameters")
def pipeline(
    project: GCPProjectID() = "my-project",
    region: GCPRegion() = "europe-west4",
    bucket: GCSPath() = "gs://bucket",
    image: GCRPath() = "gcr.io/p/i",
    folder: LocalPath() = "/tmp",
    count: Integer() = 3,
    rate: Float() = 0.5,
    title: String() = "t",
    flag: Bool() = True,
    numbers: List[int] = [1, 2],
    table: Dict[str, float] = {"a": 0.5},
    maybe: Optional[int] = None,
    custom: "My type" = "x",
    struct: {"CSV": {"header": True}} = "a,b",
    plain=7,
    required: int = None,
):
    dsl.ContainerOp(
        name="print",
        image="alpine:3.19",
        arguments=[project, region, bucket, image, folder, count, rate, title, flag, numbers, table, maybe, custom]
        + [struct, plain, required],
    )
