"""The folder of a container, as a command names it."""

import os
from pathlib import Path

from penstock.errors import PenstockError

_NEEDED = ("Dockerfile", "requirements.txt", "serve", "train")
_PROGRAMS = {"train": "learns from rows and leaves a model", "serve": "answers requests with it"}


def find(name: str, containers: Path) -> Path:
    """Return the folder of a container that is given by its name, or by a path.

    Raises:
        PenstockError: there is none, or it has no programs that train and serve, or they cannot be executed.
    """
    folder = Path(name) if os.sep in name else containers / name
    if not folder.is_dir():
        known = sorted(path.parent.name for path in containers.glob("*/Dockerfile"))
        raise PenstockError(f"There is no container {folder}. There are: {', '.join(known) or 'none'}.")
    missing = [file for file in _NEEDED if not (folder / file).is_file()]
    programs = [program for program in _PROGRAMS if program in missing]
    if programs:
        needed = ", and ".join(f"`{program}`, which {_PROGRAMS[program]}" for program in programs)
        raise PenstockError(
            f"{folder} has no {' and no '.join(programs)}: the contract is that of containers that train and serve."
            f" It would need {needed}. docs/containers.md says what each has to do."
        )
    if missing:
        raise PenstockError(f"{folder} has no {', no '.join(missing)}: docs/containers.md says what is in each.")
    if locked := [program for program in _PROGRAMS if not os.access(folder / program, os.X_OK)]:
        paths = " ".join(str(folder / program) for program in locked)
        raise PenstockError(f"Run `chmod +x {paths}`: {' and '.join(locked)} cannot be executed.")
    return folder.resolve()
