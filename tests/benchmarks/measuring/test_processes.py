import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from benchmarks.measuring.processes import cpu_seconds, descendants, memory_bytes

MEBIBYTE = 2**20
# A process with a child; the child works a little, holds 20 MiB, says so and waits for its end.
CHILD = """
import sys
held = bytes(range(256)) * 81920
sum(range(4_000_000))
print("ready", flush=True)
sys.stdin.read()
"""
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


@pytest.fixture(scope="module")
def busy() -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield


def test_descendants_are_counted_at_any_depth(busy: None) -> None:
    found = descendants(os.getpid())
    assert len([pid for pid in found if _parent(pid) in found]) >= 1
    assert os.getpid() not in found


def test_what_a_grandchild_uses_counts(busy: None) -> None:
    assert cpu_seconds(os.getpid()) > 0
    assert memory_bytes(os.getpid()) > 20 * MEBIBYTE


def _parent(pid: int) -> int:
    with open(f"/proc/{pid}/stat") as file:  # noqa: PTH123
        return int(file.read().rpartition(")")[2].split()[1])
