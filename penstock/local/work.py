"""The folders under .penstock/ that belong to one cloud or one run."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_KEPT = 5


@contextlib.contextmanager
def work_folder(parent: Path) -> Iterator[Path]:
    """Make a cloud's own folder, named by its process; of the ended ones the last few are kept, for their logs."""
    parent.mkdir(parents=True, exist_ok=True)
    ended = [folder for folder in parent.iterdir() if not _runs(folder.name)]
    for folder in sorted(ended, key=lambda folder: folder.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(folder, ignore_errors=True)
    yield Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=parent))


def _runs(name: str) -> bool:
    process = name.partition("-")[0]
    if not process.isdecimal():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
