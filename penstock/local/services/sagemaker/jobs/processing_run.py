"""The life of a processing job: inputs come from S3, a program works on them, outputs go to S3.

https://docs.aws.amazon.com/sagemaker/latest/dg/build-your-own-processing-container.html
"""

import json
import re
import time
from pathlib import Path
from typing import Any

from penstock.local.programs.process import Process
from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.host import Host
from penstock.local.services.sagemaker.jobs.inputs import fetch, listed, shard
from penstock.local.services.sagemaker.jobs.job import Job
from penstock.local.services.sagemaker.jobs.life import JobError, failing_as
from penstock.local.services.sagemaker.jobs.run import JobRun, Limit
from penstock.local.services.sagemaker.keys import key_arn
from penstock.local.services.sagemaker.s3 import S3Uri, upload

ROOT = "/opt/ml"
_DAY_SECONDS = 86_400  # AWS's limit, where a job has none
_LONGEST_MESSAGE = 1024
_LOOK_SECONDS = 1.0  # from one upload of continuous outputs to the next
_AT_END, _CONTINUOUS = "EndOfJob", "Continuous"
# A path below /opt/ml, alone or as the value of an option; not one that only looks like it: /opt/mlflow, /my/opt/ml.
_PATH = re.compile(rf"(?<![\w./-]){ROOT}(?![\w.-])")


class ProcessingRun(JobRun[Job]):
    """One processing job as it runs."""

    def __init__(self, context: Context, job: Job) -> None:
        request = job.request
        cluster = request["ProcessingResources"]["ClusterConfig"]
        image = request["AppSpecification"]["ImageUri"]
        super().__init__(context, job, image, request["RoleArn"], instances=cluster["InstanceCount"])
        self._copied: set[tuple[Path, int]] = set()  # files of continuous outputs, each with the time of its content
        self._looked = time.monotonic()

    def _run(self) -> str:
        request = self.job.request
        self.prepare()
        with failing_as("ClientError: Data download failed:"):
            self._write_configuration()
            self._download()
        limit = request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", _DAY_SECONDS)
        if end := "Stopped" if self.job.stopping.is_set() else self.planned(limit):
            return end
        try:
            code, host, end = self.watched(
                self._start,
                [Limit(time.monotonic() + limit)],
                disk_gb=request["ProcessingResources"]["ClusterConfig"]["VolumeSizeInGB"],
                look=self._look,
            )
        finally:
            if not self.closing:
                self._upload(_CONTINUOUS)
        message = host.base / "output" / "message"
        if message.is_file():
            self.job.found(ExitMessage=message.read_text(errors="replace")[:_LONGEST_MESSAGE])
        if end == "Completed" and code != 0:
            raise JobError(f"AlgorithmError: See job logs for more information, exit code: {code}")
        if end == "Completed":
            self._upload(_AT_END)
        return end

    def _write_configuration(self) -> None:
        """Write the files of /opt/ml/config of each host, and make the folders that a container writes to."""
        shown = {name: value for name, value in self.job.request.items() if name != "Tags"}
        config = {"ProcessingJobArn": self.job.arn, **shown}
        for host in self.hosts:
            outputs = [self._path(host, output) for output in self._outputs()]
            for folder in [host.base / "config", host.base / "output", *outputs]:
                folder.mkdir(parents=True, exist_ok=True)
            resources = {"current_host": host.name, "hosts": [one.name for one in self.hosts]}
            for name, content in {"processingjobconfig": config, "resourceconfig": resources}.items():
                file = host.base / "config" / f"{name}.json"
                file.write_text(json.dumps(self._local(host, content), indent=2))

    def _download(self) -> None:
        for item in self.job.request.get("ProcessingInputs", []):
            source = item["S3Input"]
            items = listed(self.acting("s3"), source)
            for host in self.hosts:
                own = shard(items, source.get("S3DataDistributionType", ""), host.number, len(self.hosts))
                fetch(self.acting("s3"), own, self._path(host, source))

    def _start(self, host: Host, file_bytes: int) -> Process:
        request = self.job.request
        specification = request["AppSpecification"]
        isolated = request.get("NetworkConfig", {}).get("EnableNetworkIsolation", False)
        variables = {
            **({} if isolated else self.context.variables(self.role, self.job.arn)),
            **self._local(host, request.get("Environment", {})),
        }
        return self.program.run(
            self._local(host, specification.get("ContainerEntrypoint", [])),
            self._local(host, specification.get("ContainerArguments", [])),
            base=host.base,
            variables=variables,
            log=host.log,
            file_bytes=file_bytes,
        )

    def _look(self) -> None:
        """Upload what is new of continuous outputs, if it is time to."""
        if time.monotonic() - self._looked >= _LOOK_SECONDS:
            self._upload(_CONTINUOUS)
            self._looked = time.monotonic()

    def _upload(self, mode: str) -> None:
        """Upload the outputs of a mode, from every host.

        Raises:
            JobError: they cannot be written.
        """
        outputs = [output for output in self._outputs() if output["S3UploadMode"] == mode]
        if not outputs:
            return
        key = self.job.request.get("ProcessingOutputConfig", {}).get("KmsKeyId", "")
        with failing_as("ClientError: Failed to upload output:"):
            self.check_disk()
            if key:
                self.context.require(self.role, "kms:Encrypt", key_arn(self.context, key))
            for output in outputs:
                for host in self.hosts:
                    self._upload_folder(self._path(host, output), S3Uri.parse(output["S3Uri"].rstrip("/")), key)

    def _upload_folder(self, folder: Path, target: S3Uri, key: str) -> None:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            state = file, file.stat().st_mtime_ns
            if state not in self._copied:
                name = f"{target.key}/{file.relative_to(folder)}".lstrip("/")
                upload(self.acting("s3"), file, S3Uri(target.bucket, name), key)
                self._copied.add(state)

    def _outputs(self) -> list[JsonObject]:
        config = self.job.request.get("ProcessingOutputConfig", {})
        return [output["S3Output"] for output in config.get("Outputs", [])]

    def _path(self, host: Host, place: JsonObject) -> Path:
        return Path(self._local(host, place["LocalPath"]))

    def _local(self, host: Host, value: Any) -> Any:
        """Return a value with every path below /opt/ml in it as it is on this machine."""
        if isinstance(value, dict):
            return {name: self._local(host, item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._local(host, item) for item in value]
        return _PATH.sub(lambda _: str(host.base), value) if isinstance(value, str) else value
