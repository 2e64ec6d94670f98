"""A training job: a folder of its own, as SageMaker would have prepared it, and the program in it."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from penstock.contract.check import BreachError
from penstock.contract.limits import Limits
from penstock.local.programs.process import Process
from penstock.local.programs.program import Program
from penstock.local.services.sagemaker.jobs.host import hosts
from penstock.local.services.sagemaker.jobs.training_input import write_configuration

_SHOWN = 3  # lines of a log
_INSTANCE = "ml.m5.large"

Channels = Mapping[str, Mapping[str, str | bytes]]


@dataclass(frozen=True)
class Job:
    """The folders of a job, and its log."""

    program: Program
    base: Path
    log: Path
    limits: Limits

    @classmethod
    def prepare(
        cls, program: Program, folder: Path, limits: Limits, channels: Channels, hyperparameters: Mapping[str, str]
    ) -> "Job":
        """Write what the job is given into a new folder."""
        (host,) = hosts(folder, 1, "train")
        request = {
            "HyperParameters": dict(hyperparameters),
            "ResourceConfig": {"InstanceType": _INSTANCE},
            "InputDataConfig": [
                {"ChannelName": name, "ContentType": "text/csv", "DataSource": {"S3DataSource": {}}}
                for name in channels
            ],
        }
        write_configuration(host, [host], request)
        for name, files in channels.items():
            channel = host.base / "input/data" / name
            channel.mkdir()
            for file, content in files.items():
                (channel / file).write_bytes(content.encode() if isinstance(content, str) else content)
        return cls(program, host.base, host.log, limits)

    def start(self) -> Process:
        """Start `train`."""
        variables = {"TRAINING_JOB_NAME": "check", "TRAINING_JOB_ARN": "arn:aws:sagemaker:local:000000000000:check"}
        return self.program.start("train", base=self.base, variables=variables, log=self.log)

    def run(self) -> int:
        """Run `train` to its end, and return the exit code.

        Raises:
            BreachError: it takes too long.
        """
        process = self.start()
        try:
            code = process.wait(self.limits.train)
        finally:
            process.stop(0)
        if code is None:
            raise BreachError(
                f"`train` to end within {self.limits.train:g} s: it has some hundred rows",
                f"it ran on; the end of its log: {self.said}",
                "Let it learn less from little, or set what makes it quicker with --set NAME=VALUE.",
            )
        return code

    @property
    def model(self) -> dict[str, bytes]:
        """The files that were left in model/, by their paths."""
        return contents(self.base / "model")

    @property
    def failure(self) -> str | None:
        """What is in output/failure; None if there is no such file."""
        path = self.base / "output/failure"
        return path.read_text("utf-8", errors="replace") if path.is_file() else None

    @property
    def said(self) -> str:
        """The end of the log."""
        return end_of(self.log)

    def keep_checkpoints(self) -> None:
        """Make the folder of checkpoints, as SageMaker does for a job that keeps them."""
        (self.base / "checkpoints").mkdir()

    def bring_checkpoints(self, job: "Job") -> None:
        """Copy the checkpoints of another job, as SageMaker does when a job goes on after an interruption."""
        shutil.copytree(job.base / "checkpoints", self.base / "checkpoints")


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, by their paths below it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def end_of(log: Path) -> str:
    """Return the last lines of a log, in one."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return " ⏎ ".join(line.strip() for line in lines[-_SHOWN:] if line.strip()) or "nothing"
