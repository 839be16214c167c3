"""Names that Kubernetes doesn't take as they are."""

from kfp_jupyter import components, dsl


def größe(wert: str, a_path: components.InputPath() = None) -> str:
    return wert


größe_op = components.create_component_from_func(größe)


@dsl.pipeline(name="Größe_von Allem 2.0")
def pipeline(größe_p: str = "ü", MixedCase: str = "m"):
    größe_op(größe_op(größe_p).output, a=größe_p)
    größe_op(MixedCase)
