"""What Argo means: small Workflows, and what the real Argo made of them.

A file is a question. Its first document is a Workflow, its second what came out:

- `phase`, `message`, `outputs` of the whole;
- `nodes`: each by its path (`(whole)` is the node that all others are in) with type, phase, exit code, message,
  inputs and outputs (parameters by name; `artifacts` are the names of artifacts), `cached`;
  `after` lists the nodes that had to end before it could start;
- `at_once`: how many steps were at work at the same time, where parallelism is the question;
- `local`: what the local engine makes otherwise: with which words it `refuses` the Workflow; which messages it `says`
  in its own words (those of exit codes are known); why it `differs` where it should not, or on purpose. Without, it
  must make the same of it.

Ids, times and names of runs are left out or stand as `<workflow>`, `<time>` and the like.
A first document without a `kind` is the `spec` of a Workflow whose entrypoint is `main`. The ConfigMap `semantics` with
the key `key` is there for it.

`pytest tests/semantics --regenerate` asks Argo again and writes the second documents; `says` and `differs` are written
by people and stay.
"""
