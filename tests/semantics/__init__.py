"""What Argo means: small Workflows, and what the real Argo made of them.

A file is a question. Its first document is a Workflow, its second what came out:

- `phase`, `message`, `outputs` of the whole;
- `nodes`: each by its path (`(whole)` is the node that all others are in) with type, phase, exit code, message,
  inputs and outputs (parameters by name; `artifacts` are the names of artifacts), `cached`;
  `after` lists the nodes that had to end before it could start;
- `at_once`: how many steps were at work at the same time, where parallelism is the question;
- `local`: with which words the local engine refuses the Workflow. Without, it must make the same of it.

Ids, times and names of runs are left out or stand as `<workflow>`, `<time>` and the like.
`pytest tests/semantics --regenerate` asks Argo again and writes the second documents.
"""
