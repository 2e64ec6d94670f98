"""The life of a transform job: a server of its model on each host, and the objects under a prefix among them.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-batch-code.html
"""

import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.instance import DeploymentError, Instance
from penstock.local.services.sagemaker.jobs.job import Job
from penstock.local.services.sagemaker.jobs.life import JobError
from penstock.local.services.sagemaker.jobs.run import JobRun
from penstock.local.services.sagemaker.jobs.transforming import REQUEST_SECONDS, Transforming
from penstock.local.services.sagemaker.models import Model

_DEFAULTS = {"MaxConcurrentTransforms": 1, "BatchStrategy": "MultiRecord", "MaxPayloadInMB": 6}
_DISK_GB = 30
_LOOK_SECONDS = 0.05
_CRASHES = 3
_STOP_SECONDS = 30
_STRATEGIES = {"MultiRecord": "MULTI_RECORD", "SingleRecord": "SINGLE_RECORD"}


class TransformRun(JobRun[Job]):
    """One transform job as it runs, with the role of its model: a server on each of its hosts."""

    def __init__(self, context: Context, job: Job, model: Model) -> None:
        instances = job.request["TransformResources"]["InstanceCount"]
        super().__init__(context, job, model.image, model.role, instances=instances)
        self._model = model
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
        answer = instance.connections.request("GET", "/execution-parameters", timeout=REQUEST_SECONDS)
        said = json.loads(answer.body) if answer.status == http.client.OK and answer.body else {}
        return {**_DEFAULTS, **{name: said[name] for name in _DEFAULTS if name in said}, **self.job.request}

    def _transform(self, settings: JsonObject) -> None:
        transforming = Transforming(self, settings)
        items, count = transforming.items(), len(self.hosts)
        with ThreadPoolExecutor(max_workers=count * max(1, settings["MaxConcurrentTransforms"])) as pool:
            # Each object is transformed by one thread and one host, in order; several at a time.
            done = [
                pool.submit(transforming.transform, item, self._instances[number % count], self.hosts[number % count])
                for number, item in enumerate(items)
            ]
        for one in done:
            one.result()
