"""The objects of a transform job: the model is asked for the results of each."""

import gzip
import http.client
import threading
from collections.abc import Callable
from functools import partial

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.connections import Answer
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.jobs.host import Host
from penstock.local.services.sagemaker.jobs.inputs import Item, listed
from penstock.local.services.sagemaker.jobs.job import Job
from penstock.local.services.sagemaker.jobs.life import JobError, failing_as
from penstock.local.services.sagemaker.jobs.records import Filters, batches
from penstock.local.services.sagemaker.jobs.run import JobRun
from penstock.local.services.sagemaker.keys import key_arn
from penstock.local.services.sagemaker.s3 import S3Uri, put

REQUEST_SECONDS = 600
_MEGABYTE = 1024 * 1024


class Transforming:
    """What is done for one job, by the job's role and with its settings; several threads at a time."""

    def __init__(self, run: JobRun[Job], settings: JsonObject) -> None:
        self._run = run
        self._job = run.job
        self._settings = settings
        self._failed = threading.Event()

    def items(self) -> list[Item]:
        """Return the objects.

        Raises:
            JobError: there are none, or they may not be listed.
        """
        with failing_as("ClientError: Data download failed:"):
            return listed(self._run.acting("s3"), self._job.request["TransformInput"]["DataSource"]["S3DataSource"])

    def transform(self, item: Item, instance: Instance, host: Host) -> None:
        """Transform one object, in order and by one host; nothing, once another has failed or the job is to stop.

        Raises:
            JobError: it cannot be read, what comes back is none of its results, or they cannot be put.
        """
        if self._failed.is_set() or self._job.stopping.is_set():
            return
        try:
            with failing_as("ClientError: Data download failed:"):
                body = self._run.acting("s3").get_object(Bucket=item.uri.bucket, Key=item.uri.key)["Body"].read()
            if self._settings["TransformInput"].get("CompressionType") == "Gzip":
                body = gzip.decompress(body)
            name = f"{item.uri.bucket}/{item.uri.key}"
            result = self._results(partial(self._ask, instance, host, name), name, body)
            if result is not None:
                self._put(item, result)
        except BaseException:
            self._failed.set()
            raise

    def _results(self, ask: Callable[[bytes], bytes], name: str, body: bytes) -> bytes | None:
        """Return the output for one object, or nothing if the job is to stop."""
        settings = self._settings
        source, target = settings["TransformInput"], settings["TransformOutput"]
        filters = Filters(settings.get("DataProcessing", {}), source.get("ContentType", ""), target.get("Accept", ""))
        records = [body] if source.get("SplitType", "None") == "None" else body.splitlines()
        most, single = settings["MaxPayloadInMB"] * _MEGABYTE, settings["BatchStrategy"] == "SingleRecord"
        end = b"\n" if target.get("AssembleWith") == "Line" else b""
        results: list[bytes] = []
        with failing_as(f"ClientError: {name}: "):
            for batch in batches(records, most or len(body), single=single):
                if self._job.stopping.is_set():
                    return None
                answer = ask(b"\n".join(filters.sent(record) for record in batch))
                results += filters.results(batch, answer)
        return b"".join(result.removesuffix(end) + end for result in results) if end else b"".join(results)

    def _ask(self, instance: Instance, host: Host, name: str, body: bytes) -> bytes:
        """Return the answer to one request, asked again as often as the job's client is to.

        Raises:
            JobError: the container did not answer, or not with success.
        """
        source, target = self._job.request["TransformInput"], self._job.request["TransformOutput"]
        client = self._job.request.get("ModelClientConfig", {})
        headers = {"Content-Type": source.get("ContentType"), "Accept": target.get("Accept")}
        answer: Answer | None = None
        for _ in range(client.get("InvocationsMaxRetries", 0) + 1):
            try:
                answer = instance.connections.request(
                    "POST",
                    "/invocations",
                    body=body,
                    headers={header: value for header, value in headers.items() if value},
                    timeout=client.get("InvocationsTimeoutInSeconds", REQUEST_SECONDS),
                )
            except (OSError, http.client.HTTPException):
                continue
            if http.client.OK <= answer.status < http.client.MULTIPLE_CHOICES:
                return answer.body
        of_client = answer is not None and answer.status < http.client.INTERNAL_SERVER_ERROR
        with host.log.open("a", encoding="utf-8") as log:
            said = f"{answer.status}: {answer.body.decode(errors='replace')}" if answer else "no answer"
            log.write(f"{name}: Bad HTTP status received from algorithm: {said}\n")
        raise JobError(f"{'Client' if of_client else 'Algorithm'}Error: See job logs for more information")

    def _put(self, item: Item, result: bytes) -> None:
        output = self._job.request["TransformOutput"]
        target = S3Uri.parse(output["S3OutputPath"])
        name = f"{target.key.rstrip('/')}/{item.name}.out".lstrip("/")
        encrypted = output.get("KmsKeyId", "")
        with failing_as("ClientError: Failed to upload output:"):
            self._run.check_disk()
            if encrypted:
                self._run.context.require(self._run.role, "kms:Encrypt", key_arn(self._run.context, encrypted))
            put(self._run.acting("s3"), result, S3Uri(target.bucket, name), encrypted)
