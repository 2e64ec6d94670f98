"""A project whose container starts in milliseconds, and whose runs take less than a second."""

import shutil
from pathlib import Path

PIPELINE = "tiny"
ENDPOINT = "dev-tiny"
_FILES = Path(__file__).with_name("tiny")
_OF_ALL_PROJECTS = ("app.py", "lambda")


def make_project(folder: Path, root: Path) -> Path:
    """Write the project into a new folder, with the app and the hooks of the project in `root`."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(_FILES, folder, ignore=ignored)
    for name in _OF_ALL_PROJECTS:
        if (root / name).is_dir():
            shutil.copytree(root / name, folder / name, ignore=ignored)
        else:
            shutil.copy2(root / name, folder / name)
    return folder
