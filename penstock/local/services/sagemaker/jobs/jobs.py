"""The operations that every kind of job has."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.jobs.job import ENDED, Job, JobKind
from penstock.local.services.sagemaker.jobs.life import Life
from penstock.local.services.sagemaker.listing import Kind, page

Kept = TypeVar("Kept", bound=Job)


class Jobs(ABC, Generic[Kept]):
    """The jobs of one kind; their names stay taken."""

    def __init__(self, context: Context, kind: JobKind) -> None:
        self._context = context
        self._kind = kind
        self._listed = Kind(
            key=f"{kind.noun}Summaries",
            name=f"{kind.noun}Name",
            status=f"{kind.noun}Status",
            order=kind.order,
            by=kind.by,
        )
        self._jobs: dict[str, Kept] = {}
        self._runs: list[Life[Kept]] = []
        self._closed = False

    def create(self, request: JsonObject) -> JsonObject:
        """Serve the Create operation: what AWS checks at once is checked here, the rest fails the job."""
        name = request[f"{self._kind.noun}Name"]
        self._check(request)
        self._check_new(name)
        run = self._prepared(request, self._context.arn(self._kind.arn_kind, name))
        self._start(run)
        return {f"{self._kind.noun}Arn": run.job.arn}

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve the Describe operation."""
        return self.find(request[f"{self._kind.noun}Name"]).describe()

    def list(self, request: JsonObject) -> JsonObject:
        """Serve the List operation."""
        with self._context.lock:
            summaries = [job.summary() for job in self._jobs.values()]
        return page(self._listed, summaries, request)

    def stop(self, request: JsonObject) -> JsonObject:
        """Serve the Stop operation: the container gets SIGTERM, and SIGKILL two minutes later."""
        job = self.find(request[f"{self._kind.noun}Name"])
        with self._context.lock:
            if job.status in ENDED:
                raise AwsError(
                    "ValidationException",
                    f"The request was rejected because the {self._kind.event.lower()} is in status {job.status}.",
                )
            if job.status == "InProgress":
                job.stop()
        return {}

    def find(self, name: str) -> Kept:
        """Return a job.

        Raises:
            AwsError: there is none of this name.
        """
        with self._context.lock:
            job = self._jobs.get(name.lower())
        if job is None:
            raise AwsError(self._kind.missing_code, self._kind.missing.format(name=name))
        return job

    def restore(self) -> None:
        """Take up the jobs that the store has kept: as they ended, or as cut off."""
        with self._context.lock:
            for name, record in self._context.store.all(f"sagemaker-{self._kind.arn_kind}").items():
                self._jobs[name.lower()] = self._restored(record["request"], record["state"])

    def close(self) -> None:
        """End every job, and start none from now on."""
        with self._context.lock:
            self._closed = True
            runs = list(self._runs)
        for run in runs:
            run.close()

    @abstractmethod
    def _check(self, request: JsonObject) -> None:
        """Refuse what is not valid, or not served, by the request alone."""

    @abstractmethod
    def _prepared(self, request: JsonObject, arn: str) -> Life[Kept]:
        """Check that what a job needs is there, and return the job, ready to run."""

    @abstractmethod
    def _restored(self, request: JsonObject, state: JsonObject) -> Kept:
        """Return a job of a former life of this cloud."""

    def _start(self, run: Life[Kept]) -> None:
        """Take a job up and let it run.

        Raises:
            AwsError: ResourceInUse, its name is taken; or ServiceUnavailable, the cloud ends.
        """
        job = run.job
        with self._context.lock:
            if self._closed:
                raise AwsError("ServiceUnavailable", "The local cloud is ending.", 503)
            self._check_new(job.name)
            self._context.tags.begin(job.arn, job.request.get("Tags", []))
            self._jobs[job.name.lower()] = job
            self._runs = [*(one for one in self._runs if one.job.status not in ENDED), run]
            job.open()
        self._context.threads.start(f"{self._kind.word} job {job.name}", run.run)

    def _check_new(self, name: str) -> None:
        with self._context.lock:
            if name.lower() in self._jobs:
                arn = self._context.arn(self._kind.arn_kind, name)
                raise AwsError("ResourceInUse", f"{self._kind.taken} ({arn})")
