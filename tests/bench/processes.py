"""What processes cost, as Linux counts it."""

import os
from pathlib import Path

PROC = Path("/proc")


def tree(pid: int) -> list[int]:
    """A process and all that it started, and they in turn."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except FileNotFoundError:
                continue  # it ended meanwhile
            children.setdefault(parent, []).append(int(folder.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def cpu_ns(pids: list[int]) -> int:
    """Nanoseconds that their threads of now were on a processor."""
    return sum(
        int((task / "schedstat").read_text().split()[0])
        for pid in pids
        for task in (PROC / str(pid) / "task").iterdir()
    )


def own_cpu_ns() -> int:
    return cpu_ns([os.getpid()])


def pss_mb(pids: list[int]) -> float:
    """Memory, with what several share counted once. The kernel gives kibibytes."""
    rows = [
        line.split()
        for pid in pids
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    ]
    return sum(int(row[1]) for row in rows if row[0] == "Pss:") * 1024 / 1_000_000
