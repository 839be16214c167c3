"""The start of a process, which distinguishes it from others with the same id."""

from __future__ import annotations

from pathlib import Path


def process_start(pid: int) -> str:
    """Return a word for when a process was started that no setting of the clock changes; empty if there is none.

    On Linux it is the boot and the tick at which the kernel started it: field 22 of ``/proc/PID/stat``, `proc(5)`.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return _time_of(pid)
    try:
        # The second field is the program's name in parentheses and may hold anything.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return f"{boot} {fields[19]}"


def _time_of(pid: int) -> str:
    # Lazy, because heavy, and needed on few systems.
    import psutil  # noqa: PLC0415 - see above

    try:
        return str(psutil.Process(pid).create_time())
    except psutil.Error:
        return ""
