"""Names of the pipeline, of tasks and parameters that Kubernetes wouldn't take."""

from kfp_jupyter import dsl


@dsl.pipeline(name="  My Pipeline_v2.0 (final!)  ")
def pipeline(With_Capitals="a", snake_case_name="b", ends_in_underline_="c", number9="d"):
    def op(name, *arguments):
        return dsl.ContainerOp(name=name, image="alpine:3.19", arguments=list(arguments), file_outputs={"Out_Put": "/o"})

    first = op("Load & Clean -- data", With_Capitals)
    op("load_clean_data", snake_case_name, first.output)
    op("9 lives", ends_in_underline_)
    op("UPPER", number9)
    op("trailing-", first.output)
    op("Crème brûlée №5", "x")
