"""The life of a training job: download, train, upload; again if it is interrupted, or if AWS is at fault."""

import time
from pathlib import Path

from penstock.local.programs.process import Process
from penstock.local.services.sagemaker import archives
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.checkpoints import Checkpoints
from penstock.local.services.sagemaker.jobs.host import Host
from penstock.local.services.sagemaker.jobs.life import JobError, failing_as
from penstock.local.services.sagemaker.jobs.metrics import final_metrics, put_metrics
from penstock.local.services.sagemaker.jobs.run import JobRun, Limit
from penstock.local.services.sagemaker.jobs.training_input import download_channels, write_configuration
from penstock.local.services.sagemaker.jobs.training_job import TrainingJob
from penstock.local.services.sagemaker.keys import key_arn
from penstock.local.services.sagemaker.s3 import S3Uri, upload

_LONGEST_FAILURE = 900  # of the 1,024 characters of a FailureReason
_OF_AWS = "InternalServerError"


class TrainingRun(JobRun[TrainingJob]):
    """One training job as it runs."""

    def __init__(self, context: Context, job: TrainingJob) -> None:
        request = job.request
        super().__init__(
            context,
            job,
            request["AlgorithmSpecification"]["TrainingImage"],
            request["RoleArn"],
            instances=request["ResourceConfig"]["InstanceCount"],
        )
        self._checkpoints = Checkpoints(request.get("CheckpointConfig"), self.hosts, lambda: self.acting("s3"))
        self._born = time.monotonic()
        self._ran = 0.0  # the seconds that programs have run in former attempts

    def _run(self) -> str:
        """Train as often as it takes: a spot job goes on after an interruption, others as their RetryStrategy says."""
        left = self.job.request.get("RetryStrategy", {}).get("MaximumRetryAttempts", 0)
        while True:
            try:
                end, again = self._attempt(), "Interrupted"
            except JobError as failure:
                if not left or not str(failure).startswith(_OF_AWS):
                    raise
                end, again, left = "", "Restarting", left - 1
            if end not in {"", "Interrupted"}:
                return end
            self._tidy()
            if not (self.job.enter(again) and self.job.enter("Starting")):
                return "Stopped"

    def _attempt(self) -> str:
        self.prepare()
        self.job.enter("Downloading")
        with failing_as("ClientError: Data download failed:"):
            for host in self.hosts:
                write_configuration(host, self.hosts, self.job.request)
            download_channels(self.acting("s3"), self.hosts, self.job.request)
            self._checkpoints.download()
        if not self.job.enter("Training"):
            return "Stopped"
        if end := self.planned(self.job.request["StoppingCondition"]["MaxRuntimeInSeconds"]):
            return end
        code, host, end = self._train()
        self._measure()
        if end == "Completed" and code != 0:
            raise JobError(f"AlgorithmError: {_failure(host.base)}, exit code: {code}")
        if end != "Interrupted" and not self.closing:
            self._upload()
        return end

    def _train(self) -> tuple[int, Host, str]:
        began = time.monotonic()
        try:
            return self.watched(
                self._start,
                self._limits(began),
                disk_gb=self.job.request["ResourceConfig"]["VolumeSizeInGB"],
                look=self._checkpoints.look,
            )
        finally:
            self._ran += time.monotonic() - began
            if not self.closing:
                self._checkpoints.upload()

    def _limits(self, began: float) -> list[Limit]:
        """Return what may end the programs: the job's time, what it may wait for, and a spot instance that is taken."""
        condition = self.job.request["StoppingCondition"]
        limits = [Limit(began + condition["MaxRuntimeInSeconds"] - self._ran)]
        if self.job.request.get("EnableManagedSpotTraining", False):
            limits.append(Limit(self._born + condition["MaxWaitTimeInSeconds"], "MaxWaitTimeExceeded"))
            seconds = self.context.faults.interruption(self.job.name)
            if seconds is not None:
                limits.append(Limit(began + seconds, "Interrupted", ends=False))
        return limits

    def _start(self, host: Host, file_bytes: int) -> Process:
        request = self.job.request
        isolated = request.get("EnableNetworkIsolation", False)
        variables = {
            **({} if isolated else self.context.variables(self.role, self.job.arn)),
            **request.get("Environment", {}),
            "TRAINING_JOB_NAME": self.job.name,
            "TRAINING_JOB_ARN": self.job.arn,
        }
        return self.program.start("train", base=host.base, variables=variables, log=host.log, file_bytes=file_bytes)

    def _upload(self) -> None:
        """Write the model and other output into S3: those of all hosts, in one archive each."""
        self.job.enter("Uploading")
        key = self.job.request["OutputDataConfig"].get("KmsKeyId", "")
        with failing_as("ClientError: Artifact upload failed:"):
            self.check_disk()
            for folder, name in (("model", "model.tar.gz"), ("output/data", "output.tar.gz")):
                archive = self.hosts[0].base / name
                if archives.pack([host.base / folder for host in self.hosts], archive):
                    if key:
                        self.context.require(self.role, "kms:Encrypt", key_arn(self.context, key))
                    target = S3Uri.parse(self.job.artefacts.rpartition("/")[0] + f"/{name}")
                    upload(self.acting("s3"), archive, target, key)

    def _measure(self) -> None:
        """Read the metrics that the programs have printed, and put them into CloudWatch as the job's role."""
        definitions = self.job.request["AlgorithmSpecification"].get("MetricDefinitions", [])
        measured = final_metrics(definitions, self.printed(), self.context.clock.now())
        if measured:
            self.job.found(FinalMetricDataList=measured)
            put_metrics(self.acting("cloudwatch"), self.job, measured)

    def printed(self) -> str:
        """Return what the programs have printed, host by host."""
        return "".join(host.log.read_text(errors="replace") for host in self.hosts if host.log.exists())


def _failure(base: Path) -> str:
    """Return what the program has left in output/failure."""
    file = base / "output" / "failure"
    return file.read_text(errors="replace")[:_LONGEST_FAILURE].strip() if file.is_file() else ""
