"""What it costs to watch runs on a real cluster: how soon a state shows, the kernel's CPU, its memory.

| file | holds |
|---|---|
| `first_state.py` | submit → first state, beside ``kubectl create`` and ``kubectl get --watch`` |
| `kernel.py` | a real kernel that shows runs, and what its process uses |
| `log_bytes.py` | bytes on the comm for a log of 50,000 lines; needs no cluster |
| `many_runs.py` | CPU of a kernel that watches 20 runs |
| `soak.py` | memory of a kernel that sees 50 changes a second |
"""
