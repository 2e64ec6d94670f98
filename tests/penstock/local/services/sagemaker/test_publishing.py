"""What the service sends to EventBridge and CloudWatch."""

from typing import Any

import pytest

from penstock.local.service import AwsError, JsonObject

TRAINED = "arn:aws:sagemaker:us-east-1:123456789012:training-job/j"
GROUP = "/aws/sagemaker/TrainingJobs"
DIMENSIONS = {"EndpointName": "e", "VariantName": "main"}


def measuring(world: Any) -> JsonObject:
    definitions = [{"Name": "rmse", "Regex": "rmse=([0-9.]+);"}]
    return {"TrainingImage": world.image, "TrainingInputMode": "File", "MetricDefinitions": definitions}


def events(world: Any, what: str) -> list[JsonObject]:
    found = [event for event in world.published.events if event["detail-type"] == f"SageMaker {what} State Change"]
    assert {event["source"] for event in found} <= {"aws.sagemaker"}
    return found


def measured(world: Any, namespace: str) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for space, name, value, _unit, _dimensions in world.published.measured:
        if space == namespace:
            values.setdefault(name, []).append(value)
    return values


def test_a_training_job_tells_of_each_of_its_stages(world: Any) -> None:
    world.trained(Tags=[{"Key": "team", "Value": "ml"}])
    told = events(world, "Training Job")
    details = [event["detail"] for event in told]
    assert [detail["SecondaryStatus"] for detail in details] == [
        "Starting",
        "Downloading",
        "Training",
        "Uploading",
        "Completed",
    ]
    assert all(event["resources"] == [TRAINED] for event in told)
    assert details[-1]["TrainingJobStatus"] == "Completed"
    assert details[-1]["Tags"] == {"team": "ml"}
    assert isinstance(details[-1]["CreationTime"], int)


def test_processing_and_transform_jobs_tell_of_theirs(world: Any) -> None:
    world.processed("sys.exit(1)")
    assert [event["detail"]["ProcessingJobStatus"] for event in events(world, "Processing Job")] == [
        "InProgress",
        "Failed",
    ]
    world.model("a")
    world.put("in/a.csv", b"1")
    world.transformed()
    assert [event["detail"]["TransformJobStatus"] for event in events(world, "Transform Job")] == [
        "InProgress",
        "Completed",
    ]


def test_an_endpoint_tells_of_its_statuses(world: Any, until: Any) -> None:
    world.endpoint()
    world.config("b")
    world.update("b")
    world.call("DeleteEndpoint", EndpointName="e")
    told = [event["detail"]["EndpointStatus"] for event in events(world, "Endpoint")]
    assert told == ["CREATING", "IN_SERVICE", "UPDATING", "IN_SERVICE", "DELETING"]


def test_a_model_package_tells_of_its_approval(world: Any) -> None:
    world.call("CreateModelPackageGroup", ModelPackageGroupName="g")
    arn = world.call("CreateModelPackage", ModelPackageGroupName="g")["ModelPackageArn"]
    world.call("UpdateModelPackage", ModelPackageArn=arn, ModelApprovalStatus="Approved")
    details = [event["detail"] for event in events(world, "Model Package")]
    assert [detail["ModelApprovalStatus"] for detail in details] == ["PendingManualApproval", "Approved"]
    assert details[1]["UpdatedModelPackageFields"] == ["ModelApprovalStatus"]


def test_each_request_is_counted_and_timed(world: Any) -> None:
    world.endpoint(script="def predict(body, headers): time.sleep(0.05); return 200, body", instances=2)
    world.invoke()
    (latency,) = [row for row in world.published.measured if row[1] == "ModelLatency"]
    assert (latency[0], latency[3], latency[4]) == ("AWS/SageMaker", "Microseconds", DIMENSIONS)
    values = {name: value for name, (value,) in measured(world, "AWS/SageMaker").items()}
    assert 50_000 < values.pop("ModelLatency") < 5_000_000
    assert 0 < values.pop("OverheadLatency") < 5_000_000
    assert values == {
        "Invocations": 1,
        "InvocationsPerInstance": 0.5,
        "Invocation4XXErrors": 0,
        "Invocation5XXErrors": 0,
        "InvocationModelErrors": 0,
    }


@pytest.mark.parametrize(
    ("script", "counted"),
    [
        ("def predict(body, headers): return 404, b''", "Invocation4XXErrors"),
        ("def predict(body, headers): return 500, b''", "Invocation5XXErrors"),
        ("def predict(body, headers): os._exit(1)", "Invocation5XXErrors"),
    ],
)
def test_errors_are_counted_by_whose_they_are(world: Any, script: str, counted: str) -> None:
    world.endpoint(script=script)
    with pytest.raises(AwsError, match="ModelError"):
        world.invoke()
    values = measured(world, "AWS/SageMaker")
    errors = {"Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors"}
    assert {name for name in errors if values[name] == [1]} == {counted, "InvocationModelErrors"}


def test_a_program_that_trains_is_measured(world: Any) -> None:
    world.trained("data = bytearray(50_000_000); end = time.time() + 0.3\nwhile time.time() < end: pass")
    values = measured(world, "/aws/sagemaker/TrainingJobs")
    assert values["CPUUtilization"][0] > 1
    assert values["MemoryUtilization"][0] > 0
    assert values["DiskUtilization"][0] > 0
    assert {row[4]["Host"] for row in world.published.measured} == {"j/algo-1"}


def test_instances_are_measured_while_they_serve(world: Any) -> None:
    world.clock = type(world.clock)(speed=1000)  # a minute passes in 60 ms
    world.start()
    world.endpoint()
    values = measured(world, "/aws/sagemaker/Endpoints")
    assert set(values) == {"CPUUtilization", "MemoryUtilization", "DiskUtilization"}
    assert {tuple(row[4].items()) for row in world.published.measured} == {tuple(DIMENSIONS.items())}


def test_what_a_training_job_prints_is_put_into_cloudwatch_as_its_role(world: Any) -> None:
    world.trained("print('rmse=2.5;')", AlgorithmSpecification=measuring(world))
    ((caller, request),) = world.cloudwatch.calls
    assert caller.role == "arn:aws:iam::123456789012:role/dev-bigmart-execution"
    (metric,) = request["MetricData"]
    assert (request["Namespace"], metric["MetricName"], metric["Value"]) == (GROUP, "rmse", 2.5)
    assert metric["Dimensions"] == [{"Name": "TrainingJobName", "Value": "j"}]


def test_without_the_permission_there_is_no_metric(world: Any) -> None:
    world.deny("cloudwatch:PutMetricData")
    job = world.trained("print('rmse=2.5;')", AlgorithmSpecification=measuring(world))
    assert job["FinalMetricDataList"][0]["Value"] == 2.5
    assert world.cloudwatch.calls == []


@pytest.mark.parametrize(
    "action", ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
)
def test_without_a_permission_there_is_no_log(world: Any, action: str) -> None:
    world.deny(action)
    assert world.trained("print('out')")["TrainingJobStatus"] == "Completed"
    groups = world.clients.operator("logs").describe_log_groups()["logGroups"]
    assert not [line for group in groups for line in world.messages(group["logGroupName"])]


def test_without_the_permission_to_encrypt_there_is_no_model(world: Any) -> None:
    key = world.clients.operator("kms").create_key()["KeyMetadata"]["Arn"]
    world.deny("kms:Encrypt")
    job = world.trained(
        "(base / 'model/m').write_text('x')", OutputDataConfig={"S3OutputPath": "s3://artefacts/out", "KmsKeyId": key}
    )
    assert job["FailureReason"].startswith("ClientError: Artifact upload failed:AccessDenied")
    assert "kms:Encrypt" in job["FailureReason"]
