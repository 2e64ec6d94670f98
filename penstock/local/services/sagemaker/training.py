"""The operations on training jobs."""

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.listing import Kind, page
from penstock.local.services.sagemaker.metrics import check_definitions
from penstock.local.services.sagemaker.roles import check_input, check_role, resolve_image
from penstock.local.services.sagemaker.served import ANY, check
from penstock.local.services.sagemaker.training_job import ENDED, TrainingJob
from penstock.local.services.sagemaker.training_run import TrainingRun

_LISTED = Kind(key="TrainingJobSummaries", name="TrainingJobName", status="TrainingJobStatus", order="Ascending")
_CHANNEL = {
    "ChannelName": ANY,
    "ContentType": ANY,
    "RecordWrapperType": ("None",),
    "CompressionType": ("None",),
    "InputMode": ("File",),
    "DataSource": {
        "S3DataSource": {"S3DataType": ("S3Prefix",), "S3Uri": ANY, "S3DataDistributionType": ANY},
    },
}
# What has no effect on a laptop (network, encrypted disks, spot, retries of AWS's own faults) is accepted.
_SERVED = {
    "TrainingJobName": ANY,
    "AlgorithmSpecification": {
        "TrainingImage": ANY,
        "TrainingInputMode": ("File",),
        "MetricDefinitions": ANY,
        "EnableSageMakerMetricsTimeSeries": ANY,
    },
    "RoleArn": ANY,
    "HyperParameters": ANY,
    "Environment": ANY,
    "InputDataConfig": [_CHANNEL],
    "OutputDataConfig": {"S3OutputPath": ANY, "KmsKeyId": ANY, "CompressionType": ("GZIP",)},
    "ResourceConfig": {"InstanceType": ANY, "InstanceCount": (1,), "VolumeSizeInGB": ANY, "VolumeKmsKeyId": ANY},
    "StoppingCondition": ANY,
    "Tags": ANY,
    "VpcConfig": ANY,
    "EnableNetworkIsolation": ANY,
    "EnableInterContainerTrafficEncryption": ANY,
    "EnableManagedSpotTraining": ANY,
    "ExperimentConfig": ANY,
    "ProfilerConfig": ANY,
    "RetryStrategy": ANY,
}
_REQUIRED = {
    "AlgorithmSpecification": "TrainingImage",
    "ResourceConfig": "InstanceType",
    "StoppingCondition": "MaxRuntimeInSeconds",
}


class Training:
    """The training jobs of this cloud; their names stay taken."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._runs: dict[str, TrainingRun] = {}

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateTrainingJob: what AWS checks at once is checked here, the rest fails the job."""
        check(request, _SERVED)
        _check_required(request)
        name = request["TrainingJobName"]
        self._check_new(name)
        clients, role = self._context.clients, request["RoleArn"]
        image = request["AlgorithmSpecification"]["TrainingImage"]
        check_definitions(request["AlgorithmSpecification"].get("MetricDefinitions", []))
        check_role(clients, role)
        resolve_image(clients, role, image)
        for channel in request.get("InputDataConfig", []):
            check_input(clients, role, channel["DataSource"]["S3DataSource"]["S3Uri"])
        job = TrainingJob(request, self._context.arn("training-job", name), self._context.lock)
        run = TrainingRun(self._context, job, self._context.programs.program(image))
        with self._context.lock:
            self._check_new(name)
            self._runs[name.lower()] = run
        self._context.tags.begin(job.arn, request.get("Tags", []))
        self._context.threads.start(f"training job {name}", run.run)
        return {"TrainingJobArn": job.arn}

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeTrainingJob."""
        return self._find(request).job.describe()

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListTrainingJobs."""
        with self._context.lock:
            summaries = [run.job.summary() for run in self._runs.values()]
        return page(_LISTED, summaries, request)

    def stop(self, request: JsonObject) -> JsonObject:
        """Serve StopTrainingJob: the container gets SIGTERM, and SIGKILL two minutes later."""
        job = self._find(request).job
        with self._context.lock:
            if job.status in ENDED:
                raise AwsError(
                    "ValidationException",
                    f"The request was rejected because the training job is in status {job.status}.",
                )
            if job.status == "InProgress":
                job.stop()
        return {}

    def close(self) -> None:
        """End every job."""
        with self._context.lock:
            runs = list(self._runs.values())
        for run in runs:
            run.close()

    def _find(self, request: JsonObject) -> TrainingRun:
        with self._context.lock:
            run = self._runs.get(request["TrainingJobName"].lower())
        if run is None:
            raise AwsError("ValidationException", "Requested resource not found.")
        return run

    def _check_new(self, name: str) -> None:
        with self._context.lock:
            if name.lower() in self._runs:
                raise AwsError(
                    "ResourceInUse",
                    "Training job names must be unique within an AWS account and region, and a training job with this"
                    f" name already exists ({self._context.arn('training-job', name)})",
                )


def _check_required(request: JsonObject) -> None:
    """Refuse a request without a member that the service's model leaves to others, such as serverless jobs."""
    missing = [f"{outer}.{inner}" for outer, inner in _REQUIRED.items() if inner not in request.get(outer, {})]
    if missing:
        raise AwsError("ValidationException", f"{' and '.join(missing)} must be given for a job on one instance.")
