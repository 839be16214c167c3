"""Runs compiled Workflows on this machine, a detached process a run.

Files, from what a caller sees down to what a step is made of::

    engine.py        LocalEngine, the `Engine` protocol for a folder of runs
     ├─ checks.py      which Workflows can run here (a list of what is known; all else is refused by name)
     ├─ submission.py  Workflow + arguments → the first state of a run
     ├─ listing.py     which runs there are
     ├─ logs.py, artifacts.py   what a step has left, read from outside
     ├─ orphans.py     what is done when a runner died: its state closed, what belongs to it ended (belonging.py)
     ├─ launch.py, bootstrap.py   how the runner is started, with this very package
     ├─ root.py, disk.py   the folder of runs; what a disk refuses, in words
     └─ store.py       the run directory: files, lock
         └─ inside.py      every path inside a run: nothing leads out of it
    detached.py      where the detached process begins
    runner.py        reads a run directory, sees it through
     ├─ scheduler.py   which task starts when, with which values (plan.py)
     ├─ status.py      Argo's status format, written as things happen
     ├─ processes.py   what was started, and how it is all stopped
     │   └─ keepers.py (forks.py, steward.py, keeper.py)  ends with a step all that it has started
     └─ step.py        one step: stage, spawn, wait, collect
         ├─ cache.py         outputs of an earlier step that was the same
         ├─ staging.py       template + inputs → argv, environment, files
         │   └─ command.py, paths.py   kfp's launcher, declared paths
         ├─ environments.py  the Python environment of a step
         │   └─ packages.py  what lies below it: layers.py, installers.py, sources.py, pip.py
         └─ outputs.py       what it has written
"""
