"""Runs that start by the clock.

| file | holds |
|---|---|
| `cron_workflows.py` | Argo's CronWorkflows: create, list, suspend, delete |
| `cron_expression.py` | the text that says when |
"""
