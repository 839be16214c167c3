"""A loop over records: each field of the item is a value of its own."""

from kfp_jupyter import components, dsl


def resize(picture: str, width: int, height: int) -> str:
    return f"{picture}-{width}x{height}"


def watermark(picture: str, text: str):
    print(picture, text)


resize_op = components.create_component_from_func(resize, packages_to_install=["pillow"])
watermark_op = components.create_component_from_func(watermark)


@dsl.pipeline(name="Thumbnails")
def pipeline(picture: str = "sea.jpg"):
    sizes = [
        {"width": 64, "height": 48, "label": "tiny"},
        {"width": 320, "height": 240, "label": "small"},
        {"width": 1024, "height": 768, "label": "large"},
    ]
    with dsl.ParallelFor(sizes) as size:
        small = resize_op(picture, size.width, size.height)
        watermark_op(small.output, f"© {size.label} {size.width}")
