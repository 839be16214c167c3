"""Runs compiled Workflows on this machine, a detached process a run.

Files, from what a caller sees down to what a step is made of::

    engine.py        LocalEngine, the `Engine` protocol for a folder of runs
     ├─ checks.py      which Workflows can run here (a list of what is known; all else is refused by name)
     ├─ submission.py  Workflow + arguments → the first state of a run
     ├─ listing.py     which runs there are
     ├─ logs.py, artifacts.py   what a step has left, read from outside
     ├─ recovery.py    closes a run whose runner died and ends its processes (run_processes.py)
     ├─ launch.py, bootstrap.py   how the runner is started, with this very package
     ├─ runs_folder.py, disk_errors.py   the folder of runs; errors of the disk as sentences
     └─ store.py       the run directory: files, lock
         └─ safe_paths.py  every path inside a run: nothing leads out of it
    runner_process.py  entry point of the detached process
    runner.py        reads a run directory, sees it through
     ├─ scheduler.py   which task starts when, with which values (workflow_variables.py)
     ├─ status.py      Argo's status format, written as things happen
     ├─ processes.py   what was started, and how it is all stopped
     │   └─ supervisors.py (forking.py, fork_server.py, step_supervisor.py)  ends with a step all that it has started
     └─ step.py        one step: stage, spawn, wait, collect
         ├─ cache.py         outputs of an earlier step that was the same
         ├─ staging.py       template + inputs → argv, environment, files
         │   └─ command.py, path_map.py   kfp's launcher, declared paths
         ├─ environments.py  the Python environment of a step
         │   └─ packages.py  what lies below it: package_layers.py, installers.py, package_contents.py,
             │                 pip.py
         └─ outputs.py       what it has written
"""

NAME = "local"
"""Name of the engine, also in `RunRef`."""
