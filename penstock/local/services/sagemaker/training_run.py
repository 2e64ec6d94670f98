"""The life of a training job: download, train, upload."""

import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.programs.images import Program
from penstock.local.programs.process import Process
from penstock.local.service import JsonObject
from penstock.local.services.sagemaker import archives
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.logs import LogStream
from penstock.local.services.sagemaker.metrics import final_metrics
from penstock.local.services.sagemaker.roles import SESSION
from penstock.local.services.sagemaker.s3 import S3Uri, upload
from penstock.local.services.sagemaker.training_input import download_channels, write_configuration
from penstock.local.services.sagemaker.training_job import TrainingJob

LOG_GROUP = "/aws/sagemaker/TrainingJobs"
_LOOK_SECONDS = 0.1
_STOP_SECONDS = 120  # what AWS gives a container between SIGTERM and SIGKILL
_LONGEST_FAILURE = 900  # of the 1,024 characters of a FailureReason
_LOGGER = logging.getLogger(__name__)


class _JobError(Exception):
    """The job ends here; the message is its FailureReason."""


@dataclass
class TrainingRun:
    """One job as it runs, in a thread of its own."""

    context: Context
    job: TrainingJob
    program: Program
    process: Process | None = None
    closing: bool = False

    @property
    def folder(self) -> Path:
        """Where the job's files are; the log stays when the job has ended."""
        return self.context.work / "training" / self.job.name

    def run(self) -> None:
        """Take the job to its end."""
        try:
            end, reason = self._run(), ""
        except _JobError as failure:
            end, reason = "Failed", str(failure)
        except Exception as error:
            _LOGGER.exception("training job %s", self.job.name)
            end, reason = "Failed", f"InternalServerError: {error!r}"
        shutil.rmtree(self.folder / "ml", ignore_errors=True)
        self.job.enter(end, reason)

    def close(self) -> None:
        """End the program now: the cloud ends."""
        self.closing = True
        self.job.stopping.set()
        if self.process is not None:
            self.process.stop(1)

    def _run(self) -> str:
        """Return the secondary status that the job ends in."""
        base, request = self.folder / "ml", self.job.request
        self.folder.mkdir(parents=True)
        self.job.enter("Downloading")
        with _failing_as("ClientError: Data download failed:"):
            write_configuration(base, request)
            download_channels(self._s3, base, request)
        if not self.job.enter("Training"):
            return "Stopped"
        code, end = self._train(base)
        self.job.measured(self._metrics())
        if end == "Completed" and code != 0:
            raise _JobError(f"AlgorithmError: {_failure(base)}, exit code: {code}")
        if not self.closing:
            self._upload(base)
        return end

    def _train(self, base: Path) -> tuple[int, str]:
        """Run the program; return its exit code and how the job is to end."""
        stream = LogStream(
            self.context.clients.role(self.job.request["RoleArn"], "logs", session=SESSION),
            group=LOG_GROUP,
            stream=f"{self.job.name}/algo-1-{int(time.time())}",
            file=self.folder / "train.log",
        )
        deadline = time.monotonic() + self.job.request["StoppingCondition"]["MaxRuntimeInSeconds"]
        self.process = self.program.start(
            "train", base=base, variables=self._variables(), log=self.folder / "train.log"
        )
        try:
            while (code := self.process.wait(_LOOK_SECONDS)) is None:
                if self.job.stopping.is_set():
                    return self.process.stop(1 if self.closing else _STOP_SECONDS), "Stopped"
                if time.monotonic() >= deadline:
                    self.job.stop()
                    return self.process.stop(_STOP_SECONDS), "MaxRuntimeExceeded"
            return code, "Stopped" if self.job.stopping.is_set() else "Completed"
        finally:
            self.process.stop(0)
            stream.close()

    def _upload(self, base: Path) -> None:
        output = self.job.request["OutputDataConfig"]
        self.job.enter("Uploading")
        with _failing_as("ClientError: Artifact upload failed:"):
            for folder, name in (("model", "model.tar.gz"), ("output/data", "output.tar.gz")):
                if archives.pack(base / folder, base / name):
                    target = S3Uri.parse(self.job.artefacts.rpartition("/")[0] + f"/{name}")
                    upload(self._s3, base / name, target, output.get("KmsKeyId", ""))

    @property
    def _s3(self) -> Any:
        return self.context.clients.role(self.job.request["RoleArn"], "s3", session=SESSION)

    def _variables(self) -> dict[str, str]:
        request = self.job.request
        isolated = request.get("EnableNetworkIsolation", False)
        clients = self.context.clients
        return {
            **({} if isolated else clients.role_environment(request["RoleArn"], session=SESSION)),
            **request.get("Environment", {}),
            "TRAINING_JOB_NAME": self.job.name,
            "TRAINING_JOB_ARN": self.job.arn,
        }

    def _metrics(self) -> list[JsonObject]:
        log = (self.folder / "train.log").read_text(errors="replace")
        definitions = self.job.request["AlgorithmSpecification"].get("MetricDefinitions", [])
        return final_metrics(definitions, log, datetime.now(UTC))


def _failure(base: Path) -> str:
    """Return what the program has left in output/failure."""
    file = base / "output" / "failure"
    return file.read_text(errors="replace")[:_LONGEST_FAILURE].strip() if file.is_file() else ""


@contextmanager
def _failing_as(words: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        raise _JobError(f"{words}{error.response['Error']['Code']}: {error.response['Error']['Message']}") from error
    except (BotoCoreError, OSError, ValueError) as error:
        raise _JobError(f"{words}{error}") from error
