import os
from pathlib import Path

import pytest

from runtime.cores import cores

AVAILABLE = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, AVAILABLE),
        ({"cpu.max": "max 100000\n"}, AVAILABLE),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "150000 100000\n"}, min(2, AVAILABLE)),
        ({"cpu.max": "6400000 100000\n"}, AVAILABLE),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, AVAILABLE),
        ({"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
    ],
)
def test_cores_are_those_of_the_containers_quota(tmp_path: Path, files: dict[str, str], found: int) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    assert cores(tmp_path) == found
