from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from runtime.training.disk import on_disk

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="no call of this system takes room on a disk")
def test_room_is_taken_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "array"
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: path.open("w+b"))
    array = on_disk(np.float32, (1000, 10))
    assert array.shape == (1000, 10)
    assert not array.any()
    assert path.stat().st_blocks * 512 >= array.nbytes


def test_an_array_without_rows() -> None:
    assert on_disk(np.float32, (0, 3)).shape == (0, 3)
