"""The life of a training job: download, train, upload."""

from pathlib import Path

from penstock.local.programs.process import Process
from penstock.local.services.sagemaker import archives
from penstock.local.services.sagemaker.jobs.metrics import final_metrics, put_metrics
from penstock.local.services.sagemaker.jobs.run import JobError, JobRun, failing_as
from penstock.local.services.sagemaker.jobs.training_input import download_channels, write_configuration
from penstock.local.services.sagemaker.jobs.training_job import TrainingJob
from penstock.local.services.sagemaker.keys import key_arn
from penstock.local.services.sagemaker.s3 import S3Uri, upload

_LONGEST_FAILURE = 900  # of the 1,024 characters of a FailureReason


class TrainingRun(JobRun):
    """One training job as it runs."""

    job: TrainingJob

    def _run(self) -> str:
        request = self.job.request
        resources = request["ResourceConfig"]
        self.job.enter("Downloading")
        with failing_as("ClientError: Data download failed:"):
            write_configuration(self.base, request)
            download_channels(self.acting("s3"), self.base, request)
        if not self.job.enter("Training"):
            return "Stopped"
        code, end = self.watched(
            self._start,
            limit_seconds=request["StoppingCondition"]["MaxRuntimeInSeconds"],
            disk_gb=resources["VolumeSizeInGB"],
        )
        self._measure()
        if end == "Completed" and code != 0:
            raise JobError(f"AlgorithmError: {_failure(self.base)}, exit code: {code}")
        if not self.closing:
            self._upload()
        return end

    def _start(self, file_bytes: int) -> Process:
        request = self.job.request
        isolated = request.get("EnableNetworkIsolation", False)
        variables = {
            **({} if isolated else self.context.variables(self.role, self.job.arn)),
            **request.get("Environment", {}),
            "TRAINING_JOB_NAME": self.job.name,
            "TRAINING_JOB_ARN": self.job.arn,
        }
        return self.program.start("train", base=self.base, variables=variables, log=self.log, file_bytes=file_bytes)

    def _upload(self) -> None:
        self.job.enter("Uploading")
        key = self.job.request["OutputDataConfig"].get("KmsKeyId", "")
        with failing_as("ClientError: Artifact upload failed:"):
            self.check_disk()
            for folder, name in (("model", "model.tar.gz"), ("output/data", "output.tar.gz")):
                if archives.pack(self.base / folder, self.base / name):
                    if key:
                        self.context.require(self.role, "kms:Encrypt", key_arn(self.context, key))
                    target = S3Uri.parse(self.job.artefacts.rpartition("/")[0] + f"/{name}")
                    upload(self.acting("s3"), self.base / name, target, key)

    def _measure(self) -> None:
        """Read the metrics that the program has printed, and put them into CloudWatch as the job's role."""
        definitions = self.job.request["AlgorithmSpecification"].get("MetricDefinitions", [])
        log = self.log.read_text(errors="replace") if self.log.exists() else ""
        measured = final_metrics(definitions, log, self.context.clock.now())
        if measured:
            self.job.found(FinalMetricDataList=measured)
            put_metrics(self.acting("cloudwatch"), self.job, measured)


def _failure(base: Path) -> str:
    """Return what the program has left in output/failure."""
    file = base / "output" / "failure"
    return file.read_text(errors="replace")[:_LONGEST_FAILURE].strip() if file.is_file() else ""
