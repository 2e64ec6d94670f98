"""How many cores there are to work on."""

import math
import os
from pathlib import Path


def cores(root: Path = Path("/sys/fs/cgroup")) -> int:
    """Return how many cores this process may use, by its affinity and its container's quota; at least one."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, math.ceil(min(available, _quota(root))))


def _quota(root: Path) -> float:
    """Return the cores that the container's CPU quota amounts to, by cgroup version 2 or 1."""
    for names in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        try:
            quota, period = (float(word) for name in names for word in (root / name).read_text("ascii").split())
        except (OSError, ValueError):  # not this version, or "max", which is no quota
            continue
        if quota > 0:
            return quota / period
    return math.inf
