"""Every placeholder of component.yaml, nested in each other."""

from kfp_jupyter import components, dsl

report_op = components.load_component_from_text(
    """
name: Report
inputs:
- {name: data, type: CSV}
- {name: title, type: String, optional: true}
- {name: theme, type: String, default: plain, optional: true}
- {name: draft, type: Boolean, default: 'true'}
- {name: pages, type: Integer, optional: true}
outputs:
- {name: report, type: PDF}
- {name: log}
implementation:
  container:
    image: reports/report:2
    command:
    - report
    - {concat: ['--theme=', {inputValue: theme}, ',', {concat: [a, b]}]}
    args:
    - {concat: ['--data=', {inputPath: data}]}
    - if:
        cond: {isPresent: title}
        then: [--title, {inputValue: title}]
        else: [--untitled]
    - if:
        cond: {inputValue: draft}
        then:
        - --draft
        - if:
            cond: {isPresent: pages}
            then: {concat: ['--pages=', {inputValue: pages}]}
    - if: {cond: true, then: --always}
    - if: {cond: 'false', then: --never, else: --sometimes}
    - {outputPath: report}
    - {concat: ['--log=', {outputPath: log}]}
    - '--{not: a placeholder}'
"""
)


@dsl.pipeline(name="Reports")
def pipeline(title: str = "Sales", pages: int = 3, data: "CSV" = "a,b"):
    first = report_op("x,y\n1,2\n")
    report_op(data, title, theme="dark", draft=False, pages=7)
    report_op(data, title=f"{title} of {pages}", pages=pages)
    report_op(first.outputs["log"], theme=title, draft="no")
