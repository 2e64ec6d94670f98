"""The life of a transform job: a model's server is asked for the results of every object under a prefix.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-batch-code.html
"""

import gzip
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.connections import Answer
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.instance import DeploymentError, Instance
from penstock.local.services.sagemaker.jobs.host import Host
from penstock.local.services.sagemaker.jobs.inputs import Item, listed
from penstock.local.services.sagemaker.jobs.job import Job
from penstock.local.services.sagemaker.jobs.life import JobError, failing_as
from penstock.local.services.sagemaker.jobs.records import Filters, batches
from penstock.local.services.sagemaker.jobs.run import JobRun
from penstock.local.services.sagemaker.keys import key_arn
from penstock.local.services.sagemaker.models import Model
from penstock.local.services.sagemaker.s3 import S3Uri, put

_MEGABYTE = 1024 * 1024
_DEFAULTS = {"MaxConcurrentTransforms": 1, "BatchStrategy": "MultiRecord", "MaxPayloadInMB": 6}
_DISK_GB = 30
_LOOK_SECONDS = 0.05
_CRASHES = 3
_STOP_SECONDS = 30
_REQUEST_SECONDS = 600
_STRATEGIES = {"MultiRecord": "MULTI_RECORD", "SingleRecord": "SINGLE_RECORD"}


class TransformRun(JobRun[Job]):
    """One transform job as it runs, with the role of its model: a server on each of its hosts."""

    def __init__(self, context: Context, job: Job, model: Model) -> None:
        instances = job.request["TransformResources"]["InstanceCount"]
        super().__init__(context, job, model.image, model.role, instances=instances)
        self._model = model
        self._failed = threading.Event()
        self._instances: list[Instance] = []

    def close(self) -> None:
        """End the servers now."""
        super().close()
        for instance in self._instances:
            instance.stop(1)

    def _run(self) -> str:
        self.prepare()
        if end := self.planned(float("inf")):
            return end
        with ExitStack() as stack:
            usages = [stack.enter_context(self.usage(host, _DISK_GB)) for host in self.hosts]
            stack.enter_context(self._served())
            for instance in self._instances:
                self._start(instance)
            if not self.job.stopping.is_set():
                self._transform(self._settings(self._instances[0]))
            for usage, instance in zip(usages, self._instances, strict=True):
                usage.look(instance.processes())
        return "Stopped" if self.job.stopping.is_set() else "Completed"

    @contextmanager
    def _served(self) -> Iterator[None]:
        given = {**_DEFAULTS, **self.job.request}
        credentials = {} if self._model.isolated else self.context.variables(self.role, self.job.arn)
        variables = {
            **credentials,
            **self._model.environment,
            **self.job.request.get("Environment", {}),
            "SAGEMAKER_BATCH": "true",
            "SAGEMAKER_BATCH_STRATEGY": _STRATEGIES[given["BatchStrategy"]],
            "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": str(given["MaxConcurrentTransforms"]),
            "SAGEMAKER_MAX_PAYLOAD_IN_MB": str(given["MaxPayloadInMB"]),
        }
        for host in self.hosts:
            self._instances.append(
                Instance(
                    program=self.program,
                    variables=variables,
                    folder=host.folder,
                    log=host.log,
                    file_bytes=self.file_bytes,
                )
            )
        try:
            with self.logged():
                yield
        finally:
            for instance in self._instances:
                instance.stop(1 if self.closing else _STOP_SECONDS)

    def _start(self, instance: Instance) -> None:
        """Wait until a server answers.

        Raises:
            JobError: it does not.
        """
        if self._model.artefact is not None:
            try:
                instance.load(self.acting("s3"), self._model.artefact)
            except DeploymentError as error:
                raise JobError(f"ClientError: {error}") from error
        deadline = time.monotonic() + self.context.startup_seconds
        while not instance.ready and not self.job.stopping.wait(_LOOK_SECONDS):
            instance.look()
            if instance.crashes >= _CRASHES or time.monotonic() >= deadline:
                raise JobError(
                    "AlgorithmError: The primary container for this transform job did not pass the ping health check."
                    " See job logs for more information"
                )

    def _settings(self, instance: Instance) -> JsonObject:
        """Return the settings of the job: as asked for, else as the container says, else AWS's own."""
        answer = instance.connections.request("GET", "/execution-parameters", timeout=_REQUEST_SECONDS)
        said = json.loads(answer.body) if answer.status == http.client.OK and answer.body else {}
        return {**_DEFAULTS, **{name: said[name] for name in _DEFAULTS if name in said}, **self.job.request}

    def _transform(self, settings: JsonObject) -> None:
        with failing_as("ClientError: Data download failed:"):
            items = listed(self.acting("s3"), self.job.request["TransformInput"]["DataSource"]["S3DataSource"])
        count = len(self.hosts)
        with ThreadPoolExecutor(max_workers=count * max(1, settings["MaxConcurrentTransforms"])) as pool:
            # Each object is transformed by one thread and one host, in order; several at a time.
            done = [
                pool.submit(self._object, self._instances[number % count], self.hosts[number % count], settings, item)
                for number, item in enumerate(items)
            ]
        for one in done:
            one.result()

    def _object(self, instance: Instance, host: Host, settings: JsonObject, item: Item) -> None:
        if self._failed.is_set() or self.job.stopping.is_set():
            return
        try:
            with failing_as("ClientError: Data download failed:"):
                body = self.acting("s3").get_object(Bucket=item.uri.bucket, Key=item.uri.key)["Body"].read()
            if settings["TransformInput"].get("CompressionType") == "Gzip":
                body = gzip.decompress(body)
            asked = partial(self._ask, instance, host, f"{item.uri.bucket}/{item.uri.key}")
            result = self._results(asked, settings, f"{item.uri.bucket}/{item.uri.key}", body)
            if result is not None:
                self._put(item, result)
        except BaseException:
            self._failed.set()
            raise

    def _results(self, ask: Callable[[bytes], bytes], settings: JsonObject, name: str, body: bytes) -> bytes | None:
        """Return the output for one object, or nothing if the job is to stop."""
        source, target = settings["TransformInput"], settings["TransformOutput"]
        filters = Filters(settings.get("DataProcessing", {}), source.get("ContentType", ""), target.get("Accept", ""))
        records = [body] if source.get("SplitType", "None") == "None" else body.splitlines()
        most, single = settings["MaxPayloadInMB"] * _MEGABYTE, settings["BatchStrategy"] == "SingleRecord"
        end = b"\n" if target.get("AssembleWith") == "Line" else b""
        results: list[bytes] = []
        with failing_as(f"ClientError: {name}: "):
            for batch in batches(records, most or len(body), single=single):
                if self.job.stopping.is_set():
                    return None
                answer = ask(b"\n".join(filters.sent(record) for record in batch))
                results += filters.results(batch, answer)
        return b"".join(result.removesuffix(end) + end for result in results) if end else b"".join(results)

    def _ask(self, instance: Instance, host: Host, name: str, body: bytes) -> bytes:
        """Return the answer to one request, asked again as often as the job's client is to.

        Raises:
            JobError: the container did not answer, or not with success.
        """
        source, target = self.job.request["TransformInput"], self.job.request["TransformOutput"]
        client = self.job.request.get("ModelClientConfig", {})
        headers = {"Content-Type": source.get("ContentType"), "Accept": target.get("Accept")}
        answer: Answer | None = None
        for _ in range(client.get("InvocationsMaxRetries", 0) + 1):
            try:
                answer = instance.connections.request(
                    "POST",
                    "/invocations",
                    body=body,
                    headers={header: value for header, value in headers.items() if value},
                    timeout=client.get("InvocationsTimeoutInSeconds", _REQUEST_SECONDS),
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
        output = self.job.request["TransformOutput"]
        target = S3Uri.parse(output["S3OutputPath"])
        name = f"{target.key.rstrip('/')}/{item.name}.out".lstrip("/")
        encrypted = output.get("KmsKeyId", "")
        with failing_as("ClientError: Failed to upload output:"):
            self.check_disk()
            if encrypted:
                self.context.require(self.role, "kms:Encrypt", key_arn(self.context, encrypted))
            put(self.acting("s3"), result, S3Uri(target.bucket, name), encrypted)
