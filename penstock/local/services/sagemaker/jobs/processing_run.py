"""The life of a processing job: inputs come from S3, a program works on them, outputs go to S3.

https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
"""

import json
import re
from pathlib import Path
from typing import Any

from penstock.local.programs.process import Process
from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.jobs.run import JobError, JobRun, failing_as
from penstock.local.services.sagemaker.keys import key_arn
from penstock.local.services.sagemaker.s3 import S3Uri, download_all, upload

ROOT = "/opt/ml"
_DAY_SECONDS = 86_400  # AWS's limit, where a job has none
_LONGEST_MESSAGE = 1024
# A path below /opt/ml, alone or as the value of an option; not one that only looks like it: /opt/mlflow, /my/opt/ml.
_PATH = re.compile(rf"(?<![\w./-]){ROOT}(?![\w.-])")


class ProcessingRun(JobRun):
    """One processing job as it runs."""

    def _run(self) -> str:
        request = self.job.request
        cluster = request["ProcessingResources"]["ClusterConfig"]
        with failing_as("ClientError: Data download failed:"):
            self._write_configuration()
            self._download()
        if self.job.stopping.is_set():
            return "Stopped"
        code, end = self.watched(
            self._start,
            limit_seconds=request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", _DAY_SECONDS),
            disk_gb=cluster["VolumeSizeInGB"],
        )
        message = self.base / "output" / "message"
        if message.is_file():
            self.job.found(ExitMessage=message.read_text(errors="replace")[:_LONGEST_MESSAGE])
        if end == "Completed" and code != 0:
            raise JobError(f"AlgorithmError: See job logs for more information, exit code: {code}")
        if end == "Completed":
            self._upload()
        return end

    def _write_configuration(self) -> None:
        """Write the files of /opt/ml/config, and make the folders that a container writes to."""
        request = self.job.request
        for folder in [self.base / "config", self.base / "output", *map(self._path, self._outputs())]:
            folder.mkdir(parents=True, exist_ok=True)
        shown = {name: value for name, value in request.items() if name != "Tags"}
        config = {"ProcessingJobArn": self.job.arn, **shown}
        resources = {"current_host": "algo-1", "hosts": ["algo-1"]}
        for name, content in {"processingjobconfig": config, "resourceconfig": resources}.items():
            (self.base / "config" / f"{name}.json").write_text(json.dumps(self._local(content), indent=2))

    def _download(self) -> None:
        for item in self.job.request.get("ProcessingInputs", []):
            source = item["S3Input"]
            if not download_all(self.acting("s3"), S3Uri.parse(source["S3Uri"]), self._path(source)):
                raise ValueError(f"no objects under {source['S3Uri']}")

    def _start(self, file_bytes: int) -> Process:
        request = self.job.request
        specification = request["AppSpecification"]
        isolated = request.get("NetworkConfig", {}).get("EnableNetworkIsolation", False)
        variables = {
            **({} if isolated else self.context.variables(self.role, self.job.arn)),
            **self._local(request.get("Environment", {})),
        }
        return self.program.run(
            self._local(specification.get("ContainerEntrypoint", [])),
            self._local(specification.get("ContainerArguments", [])),
            base=self.base,
            variables=variables,
            log=self.log,
            file_bytes=file_bytes,
        )

    def _upload(self) -> None:
        key = self.job.request.get("ProcessingOutputConfig", {}).get("KmsKeyId", "")
        with failing_as("ClientError: Failed to upload output:"):
            self.check_disk()
            if key:
                self.context.require(self.role, "kms:Encrypt", key_arn(self.context, key))
            for output in self._outputs():
                folder, target = self._path(output), S3Uri.parse(output["S3Uri"].rstrip("/"))
                for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                    name = f"{target.key}/{file.relative_to(folder)}".lstrip("/")
                    upload(self.acting("s3"), file, S3Uri(target.bucket, name), key)

    def _outputs(self) -> list[JsonObject]:
        config = self.job.request.get("ProcessingOutputConfig", {})
        return [output["S3Output"] for output in config.get("Outputs", [])]

    def _path(self, place: JsonObject) -> Path:
        return Path(self._local(place["LocalPath"]))

    def _local(self, value: Any) -> Any:
        """Return a value with every path below /opt/ml in it as it is on this machine."""
        if isinstance(value, dict):
            return {name: self._local(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._local(item) for item in value]
        return _PATH.sub(lambda _: str(self.base), value) if isinstance(value, str) else value
