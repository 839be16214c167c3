"""The golden pipelines of the compiler, run to their ends on the real Argo.

`fitness.py` says of each whether the test cluster can run it, by looking at its Workflow. What came out of those that
run is in `outcomes/`, in the form of `tests.semantics`.
"""
