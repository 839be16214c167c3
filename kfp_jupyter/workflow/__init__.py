"""The format of an Argo Workflow in KFP's dialect, for everything that writes or reads one.

| file | holds |
|---|---|
| `dialect.py` | keys of annotations and labels, beginnings of generated names |
| `tags.py` | the grammar of ``{{…}}`` |
| `views.py` | a Workflow, its templates, tasks, parameters and artifacts, read by name |
| `templates.py` | a Workflow's templates, with those of WorkflowTemplates that it refers to |
| `specs.py` | what KFP's annotations tell of the pipeline and of a step's component |
| `titles.py` | titles of a pipeline, a step, a group |
| `expressions.py` | conditions and loops in words |
| `step_io.py` | a step's inputs and outputs under its component's names |
| `step_graph.py` | steps, their groups, and their order |
| `graph_reader.py` | a Workflow becomes such a graph |
| `task_order.py` | the order in which the author wrote the tasks |
| `values.py`, `quantities.py`, `times.py` | values of parameters, amounts of a resource, times |
"""
