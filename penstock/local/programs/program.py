"""A program: what an image holds, ready to be run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from penstock.local.programs.dockerfile import own_command
from penstock.local.programs.process import Process

_SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class Program:
    """What an image holds: the container's files, and the environment with its packages."""

    files: Path
    environment: Path

    def start(
        self,
        command: Literal["train", "serve"],
        *,
        base: Path,
        variables: Mapping[str, str],
        log: Path,
        file_bytes: int = 0,
    ) -> Process:
        """Run the image as `docker run <image> <command>` would.

        Args:
            command: what SageMaker runs.
            base: the folder that is /opt/ml; the home and the folder for temporary files are beside it.
            variables: what SageMaker sets; nothing else of this process's environment is passed on.
            log: the file that gets the output.
            file_bytes: the size of the largest file that it may write; 0 is no limit.
        """
        return self._process([str(self.files / command)], base, variables, log, file_bytes)

    def run(
        self,
        entrypoint: Sequence[str],
        arguments: Sequence[str],
        *,
        base: Path,
        variables: Mapping[str, str],
        log: Path,
        file_bytes: int = 0,
    ) -> Process:
        """Run the image as `docker run --entrypoint … <image> <argument>…` would; the rest is as in `start`.

        Args:
            entrypoint: the program; if empty, the image's own.
            arguments: its arguments; without these and an entrypoint, the image's own.
            base: the folder that is /opt/ml.
            variables: what SageMaker sets.
            log: the file that gets the output.
            file_bytes: the size of the largest file that it may write; 0 is no limit.
        """
        own_entrypoint, own_arguments = own_command(self.files / "Dockerfile")
        argv = [*entrypoint, *arguments] if entrypoint else [*own_entrypoint, *(arguments or own_arguments)]
        return self._process(argv, base, variables, log, file_bytes)

    def _process(
        self, argv: Sequence[str], base: Path, variables: Mapping[str, str], log: Path, file_bytes: int
    ) -> Process:
        home = base.parent / "home"
        home.mkdir(parents=True, exist_ok=True)
        env = {
            "PATH": f"{self.files}:{self.environment / 'bin'}:{_SYSTEM_PATH}",
            "HOME": str(home),
            "TMPDIR": str(home),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "SAGEMAKER_BASE_DIR": str(base),
            **variables,
        }
        return Process.start(argv, env=env, cwd=self.files, log=log, file_bytes=file_bytes)
