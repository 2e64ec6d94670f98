from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from trainer import Trainer


def test_onnxruntime_does_not_keep_or_report_what_it_is_used_for(container: Trainer, tmp_path: Path) -> None:
    places = {"HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    program = [str(container.environment / "bin/python3"), "-c", "import runtime.onnx_model"]
    subprocess.run(program, env=container.variables(tmp_path, **places), check=True, timeout=60)
    assert not list(tmp_path.iterdir())
