"""What runs on this machine on behalf of a cloud."""

import contextlib
from pathlib import Path

_BASE = b"SAGEMAKER_BASE_DIR="


def programs(work: Path) -> set[Path]:
    """Return the base folders of the training and serving programs that run below a cloud's work folder."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                for variable in (entry / "environ").read_bytes().split(b"\0"):
                    if variable.startswith(_BASE):
                        found.add(Path(variable.removeprefix(_BASE).decode()))
    return {base for base in found if base.is_relative_to(work)}
