"""Tasks: what they call and as whom, what they give, and how their errors are named, retried and caught."""

import json
import threading
import time
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from penstock.local.service import AwsError

INVOKE = "arn:aws:states:::lambda:invoke"
DESCRIBE = "arn:aws:states:::aws-sdk:sagemaker:describeEndpoint"
TRAIN = "arn:aws:states:::sagemaker:createTrainingJob.sync"
MOMENT = datetime(2026, 11, 20, 9, 30, 0, 123000, tzinfo=UTC)
ENDPOINT = {"EndpointName": "e", "EndpointArn": "arn:aws:sagemaker:us-east-1:123456789012:endpoint/e"}
TIMES = {"CreationTime": MOMENT, "LastModifiedTime": MOMENT}


def task(resource: str, arguments: Any = None, **more: Any) -> Any:
    more.setdefault("End", True)
    return {"Task": {"Type": "Task", "Resource": resource, "Arguments": arguments or {}, **more}}


def training_job(name: str, status: str, **more: Any) -> Any:
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:training-job/{name}",
        "ModelArtifacts": {"S3ModelArtifacts": "s3://artefacts/model.tar.gz"},
        "TrainingJobStatus": status,
        "SecondaryStatus": status.replace("InProgress", "Training"),
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "CreationTime": MOMENT,
        **more,
    }


JOB = {
    "AlgorithmSpecification": {"TrainingInputMode": "File"},
    "OutputDataConfig": {"S3OutputPath": "s3://artefacts/output"},
    "ResourceConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30},
    "RoleArn": "arn:aws:iam::123456789012:role/execution-role",
    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
    "TrainingJobName": "job",
}


@pytest.fixture
def sagemaker(sfn: Any) -> Any:
    fake = sfn.fake("sagemaker")
    fake.answers["CreateTrainingJob"] = lambda request: {
        "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:training-job/{request['TrainingJobName']}"
    }
    return fake


@pytest.fixture
def lambda_(sfn: Any) -> Any:
    return sfn.fake("lambda")


def noting(event: threading.Event, answer: Any) -> Any:
    """Answer, and say that it was asked."""

    def answering(_request: Any) -> Any:
        event.set()
        return answer

    return answering


def one_after_the_other(*answers: Any) -> Any:
    """Answer each call in another way."""
    left = [*answers]

    def answer(request: Any) -> Any:
        return left.pop(0)(request)

    return answer


def raising(code: str, message: str = "no", status: int = 400) -> Any:
    def answer(_request: Any) -> Any:
        raise AwsError(code, message, status)

    return answer


def failing(*errors: str) -> Any:
    """A function that raises these errors, one after the other, and then succeeds."""
    left = [*errors]

    def answer(_request: Any) -> Any:
        if not left:
            return {"StatusCode": 200, "Payload": b'"fine"'}
        payload = {"errorType": left.pop(0), "errorMessage": "it said no", "stackTrace": []}
        return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": json.dumps(payload).encode()}

    return answer


def test_a_task_calls_as_the_role_of_its_machine(sfn: Any, sagemaker: Any) -> None:
    sagemaker.answers["DescribeEndpoint"] = lambda _: {**ENDPOINT, "EndpointStatus": "InService", **TIMES}
    sfn.output(task(DESCRIBE, {"EndpointName": "{% 'e' %}"}))
    operation, request, caller = sagemaker.calls[-1]
    assert (operation, request) == ("DescribeEndpoint", {"EndpointName": "e"})
    assert caller == f"{sfn.role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/run"


def test_an_api_call_gives_its_response(sfn: Any, sagemaker: Any) -> None:
    sagemaker.answers["DescribeEndpoint"] = lambda _: {**ENDPOINT, "EndpointStatus": "InService", **TIMES}
    assert sfn.output(task(DESCRIBE, {"EndpointName": "e"})) == {
        **ENDPOINT,
        "EndpointStatus": "InService",
        "CreationTime": "2026-11-20T09:30:00.123Z",
        "LastModifiedTime": "2026-11-20T09:30:00.123Z",
    }


def test_names_of_a_camel_case_api_are_pascal_case_in_a_state(sfn: Any) -> None:
    listed = sfn.output(task("arn:aws:states:::aws-sdk:sfn:listStateMachines", {"MaxResults": 1}))
    assert listed["StateMachines"][0]["StateMachineArn"].startswith("arn:aws:states:")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ValidationException", "SageMaker.SageMakerException"),
        ("ResourceLimitExceeded", "SageMaker.ResourceLimitExceededException"),
        ("ResourceNotFound", "SageMaker.ResourceNotFoundException"),
    ],
)
def test_an_error_of_an_api_call_has_the_name_that_aws_gives_it(
    sfn: Any, sagemaker: Any, code: str, error: str
) -> None:
    sagemaker.answers["DescribeEndpoint"] = raising(code, "Could not find it.")
    execution = sfn.run(task(DESCRIBE, {"EndpointName": "e"}))
    assert (execution["status"], execution["error"]) == ("FAILED", error)
    assert execution["cause"].startswith("Could not find it. (Service: SageMaker, Status Code: 400, Request ID: ")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ValidationException", "SageMaker.AmazonSageMakerException"),
        ("ResourceLimitExceeded", "SageMaker.ResourceLimitExceededException"),
    ],
)
def test_an_error_of_sagemakers_own_integration_has_another_name(
    sfn: Any, sagemaker: Any, code: str, error: str
) -> None:
    sagemaker.answers["CreateModel"] = raising(code, "Wrong.")
    execution = sfn.run(task("arn:aws:states:::sagemaker:createModel", {"ModelName": "m"}))
    assert execution["error"] == error
    assert execution["cause"].startswith(f"Wrong. (Service: AmazonSageMaker; Status Code: 400; Error Code: {code};")


def test_an_argument_of_the_wrong_type_cannot_start_the_task(sfn: Any, sagemaker: Any) -> None:
    execution = sfn.run(task(DESCRIBE, {"EndpointName": "{% 5 %}"}))
    assert execution["error"] == "States.Runtime"
    assert "could not be used to start the Task" in execution["cause"]
    assert "EndpointName" in execution["cause"]
    assert sagemaker.calls == []


def test_training_waits_until_the_job_has_completed(sfn: Any, sagemaker: Any) -> None:
    statuses = iter(["InProgress", "InProgress", "Completed"])
    sagemaker.answers["DescribeTrainingJob"] = lambda request: training_job(
        request["TrainingJobName"],
        next(statuses),
        FinalMetricDataList=[{"MetricName": "rmse", "Value": 1043.5, "Timestamp": MOMENT}],
    )
    arn = sfn.start(task(TRAIN, JOB))
    output = json.loads(sfn.wait(arn)["output"])
    assert output["ModelArtifacts"] == {"S3ModelArtifacts": "s3://artefacts/model.tar.gz"}
    assert output["FinalMetricDataList"] == [{"MetricName": "rmse", "Value": 1043.5, "Timestamp": 1795167000123}]
    assert [event["type"] for event in sfn.history(arn)][1:7] == [
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskStateExited",
    ]
    scheduled = sfn.history(arn)[2]["taskScheduledEventDetails"]
    assert (scheduled["resourceType"], scheduled["resource"]) == ("sagemaker", "createTrainingJob.sync")
    assert json.loads(scheduled["parameters"]) == JOB


@pytest.mark.parametrize("status", ["Failed", "Stopped"])
def test_a_job_that_fails_fails_the_task_with_its_description(sfn: Any, sagemaker: Any, status: str) -> None:
    reason = 'AlgorithmError: the column "Sales" is missing, exit code: 1'
    sagemaker.answers["DescribeTrainingJob"] = lambda _: training_job("job", status, FailureReason=reason)
    execution = sfn.run(task(TRAIN, JOB))
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")
    cause = json.loads(execution["cause"])
    assert (cause["TrainingJobStatus"], cause["FailureReason"]) == (status, reason)
    assert cause["CreationTime"] == 1795167000123


def test_a_job_is_stopped_with_its_execution(sfn: Any, sagemaker: Any) -> None:
    described, stopped = threading.Event(), threading.Event()
    sagemaker.answers["DescribeTrainingJob"] = noting(described, training_job("job", "InProgress"))
    sagemaker.answers["StopTrainingJob"] = noting(stopped, {})
    arn = sfn.start(task(TRAIN, JOB))
    assert described.wait(10)
    sfn.client.stop_execution(executionArn=arn)
    assert stopped.wait(5)
    assert sagemaker.calls[-1][:2] == ("StopTrainingJob", {"TrainingJobName": "job"})


@pytest.mark.parametrize(("code", "status"), [("ThrottlingException", 400), ("InternalFailure", 500)])
def test_a_look_at_a_job_that_fails_for_now_fails_no_task(sfn: Any, sagemaker: Any, code: str, status: int) -> None:
    sagemaker.answers["DescribeTrainingJob"] = one_after_the_other(
        raising(code, status=status), lambda _: training_job("job", "Completed")
    )
    assert sfn.run(task(TRAIN, JOB))["status"] == "SUCCEEDED"


def test_a_look_at_a_job_that_is_not_allowed_fails_the_task(sfn: Any, sagemaker: Any) -> None:
    sagemaker.answers["DescribeTrainingJob"] = raising("AccessDeniedException", status=403)
    assert sfn.run(task(TRAIN, JOB))["error"] == "SageMaker.AmazonSageMakerException"


def test_a_job_is_stopped_however_busy_sagemaker_is(sfn: Any, sagemaker: Any) -> None:
    described, stopped = threading.Event(), threading.Event()
    sagemaker.answers["DescribeTrainingJob"] = noting(described, training_job("job", "InProgress"))
    sagemaker.answers["StopTrainingJob"] = one_after_the_other(raising("ThrottlingException"), noting(stopped, {}))
    arn = sfn.start(task(TRAIN, JOB))
    assert described.wait(10)
    sfn.client.stop_execution(executionArn=arn)
    assert stopped.wait(5)


def test_a_job_is_stopped_when_its_task_is_out_of_time(sfn: Any, sagemaker: Any) -> None:
    stopped = threading.Event()
    sagemaker.answers["DescribeTrainingJob"] = lambda _: training_job("job", "InProgress")
    sagemaker.answers["StopTrainingJob"] = noting(stopped, {})
    arn = sfn.start(task(TRAIN, JOB, TimeoutSeconds=1))
    execution = sfn.wait(arn)
    assert (execution["status"], execution["error"]) == ("FAILED", "States.Timeout")
    assert stopped.wait(5)
    assert "TaskTimedOut" in [event["type"] for event in sfn.history(arn)]


def test_a_function_gives_its_payload(sfn: Any, lambda_: Any) -> None:
    lambda_.answers["Invoke"] = lambda _: {
        "StatusCode": 200,
        "ExecutedVersion": "$LATEST",
        "Payload": b'{"run": "7c1f09ab"}',
    }
    payload = {"input": "{% $states.input %}", "execution": "{% $states.context.Execution.Id %}"}
    arguments = {"FunctionName": "prepare", "Payload": payload}
    assert sfn.output(task(INVOKE, arguments, Output="{% $states.result.Payload.run %}"), {"a": 'q"'}) == "7c1f09ab"
    sent = json.loads(lambda_.calls[-1][1]["Payload"])
    assert sent["input"] == {"a": 'q"'}
    assert sent["execution"].endswith(":run")


def test_an_error_of_a_function_is_named_by_its_class(sfn: Any, lambda_: Any) -> None:
    lambda_.answers["Invoke"] = failing("InvalidInput")
    execution = sfn.run(task(INVOKE, {"FunctionName": "f"}))
    assert (execution["status"], execution["error"]) == ("FAILED", "InvalidInput")
    assert json.loads(execution["cause"]) == {
        "errorType": "InvalidInput",
        "errorMessage": "it said no",
        "stackTrace": [],
    }


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ServiceException", 500, "Lambda.ServiceException"),
        ("TooManyRequestsException", 429, "Lambda.TooManyRequestsException"),
        ("ResourceNotFoundException", 404, "Lambda.ResourceNotFoundException"),
        ("AccessDeniedException", 403, "Lambda.AWSLambdaException"),
    ],
)
def test_an_error_of_lambda_is_named_by_aws(sfn: Any, lambda_: Any, code: str, status: int, error: str) -> None:
    lambda_.answers["Invoke"] = raising(code, status=status)
    execution = sfn.run(task(INVOKE, {"FunctionName": "f"}))
    assert execution["error"] == error
    assert f"Status Code: {status}; Error Code: {code}" in execution["cause"]


def test_publish_sends_a_message(sfn: Any) -> None:
    sns, sqs = (sfn.cloud.clients.operator(service) for service in ("sns", "sqs"))
    topic = sns.create_topic(Name="news")["TopicArn"]
    queue = sqs.create_queue(QueueName="news")["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    message = {"outcome": "{% 'DEPLOYED' %}"}
    output = sfn.output(task("arn:aws:states:::sns:publish", {"TopicArn": topic, "Subject": "s", "Message": message}))
    [received] = sqs.receive_message(QueueUrl=queue)["Messages"]
    body = json.loads(received["Body"])
    assert json.loads(body["Message"]) == {"outcome": "DEPLOYED"}
    assert body["MessageId"] == output["MessageId"]


def retry(*errors: str, **more: Any) -> Any:
    return {"Retry": [{"ErrorEquals": [*errors], "IntervalSeconds": 1, "MaxDelaySeconds": 1, **more}]}


def test_a_retry_counts_in_the_task_itself(sfn: Any, lambda_: Any) -> None:
    lambda_.answers["Invoke"] = failing("Busy", "Busy")
    name = "{% 'job-' & $states.context.State.RetryCount %}"
    policy = retry("Busy", MaxAttempts=3, BackoffRate=100, JitterStrategy="FULL")
    started = time.monotonic()
    assert sfn.output(task(INVOKE, {"FunctionName": "f", "Payload": {"name": name}}, **policy))["Payload"] == "fine"
    assert time.monotonic() - started < 50
    assert [json.loads(request["Payload"])["name"] for _, request, _ in lambda_.calls] == ["job-0", "job-1", "job-2"]


def test_retries_end(sfn: Any, lambda_: Any) -> None:
    lambda_.answers["Invoke"] = failing(*["Busy"] * 5)
    arn = sfn.start(task(INVOKE, {"FunctionName": "f"}, **retry("Busy", MaxAttempts=1)))
    assert sfn.wait(arn)["error"] == "Busy"
    assert [event["type"] for event in sfn.history(arn)].count("TaskFailed") == 2


def test_an_error_that_no_retry_names_is_not_retried(sfn: Any, lambda_: Any) -> None:
    lambda_.answers["Invoke"] = failing("Other")
    assert sfn.run(task(INVOKE, {"FunctionName": "f"}, **retry("Busy", "Lambda.ServiceException")))["error"] == "Other"
    assert len(lambda_.calls) == 1


def test_what_aws_calls_fatal_is_not_retried(sfn: Any, sagemaker: Any) -> None:
    policy = retry("States.ALL", IntervalSeconds=60, MaxDelaySeconds=60)
    assert sfn.run(task(DESCRIBE, {"EndpointName": "{% 5 %}"}, **policy))["error"] == "States.Runtime"


def test_the_pause_before_a_retry_ends_with_the_execution(sfn: Any, lambda_: Any) -> None:
    lambda_.answers["Invoke"] = failing("Busy")
    arn = sfn.start(task(INVOKE, {"FunctionName": "f"}, **retry("Busy", IntervalSeconds=600, MaxDelaySeconds=600)))
    deadline = time.monotonic() + 5
    while "TaskFailed" not in [event["type"] for event in sfn.history(arn)]:
        assert time.monotonic() < deadline
    sfn.client.stop_execution(executionArn=arn)
    while arn in [thread.name for thread in threading.enumerate()]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_an_expected_error_is_caught(sfn: Any, sagemaker: Any) -> None:
    sagemaker.answers["DescribeEndpoint"] = raising("ValidationException", "Could not find endpoint.")
    catch = {
        "ErrorEquals": ["SageMaker.SageMakerException"],
        "Assign": {"why": "{% $states.errorOutput.Cause %}"},
        "Output": {"error": "{% $states.errorOutput.Error %}", "before": "{% $states.input.a %}"},
        "Next": "Create",
    }
    states = {
        **task(DESCRIBE, {"EndpointName": "e"}, Catch=[catch], End=None, Next="Never"),
        "Never": {"Type": "Fail"},
        "Create": {"Type": "Succeed", "Output": "{% $merge([$states.input, {'why': $why}]) %}"},
    }
    states["Task"].pop("End")
    output = sfn.output(states, {"a": 1})
    assert (output["error"], output["before"]) == ("SageMaker.SageMakerException", 1)
    assert output["why"].startswith("Could not find endpoint.")


def test_a_task_out_of_time_can_be_caught(sfn: Any, lambda_: Any) -> None:
    done = threading.Event()
    lambda_.answers["Invoke"] = lambda _: (done.wait(5), {"StatusCode": 200, "Payload": b"1"})[1]
    catch = [{"ErrorEquals": ["States.Timeout"], "Next": "Caught"}]
    states = {**task(INVOKE, {"FunctionName": "f"}, TimeoutSeconds=1, Catch=catch), "Caught": {"Type": "Succeed"}}
    assert sfn.output(states)["Error"] == "States.Timeout"
    done.set()


def test_a_task_assigns_and_gives_what_it_says(sfn: Any, lambda_: Any) -> None:
    numbers = count(1)
    lambda_.answers["Invoke"] = lambda _: {"StatusCode": 200, "Payload": str(next(numbers)).encode()}
    states = task(
        INVOKE,
        {"FunctionName": "f"},
        Assign={"first": "{% $states.result.Payload %}", "kept": "{% $states.input.k %}"},
        Output="{% $states.input %}",
    )
    states["Task"].pop("End")
    states["Task"]["Next"] = "End"
    states["End"] = {"Type": "Succeed", "Output": "{% [$first, $kept, $states.input.k] %}"}
    assert sfn.output(states, {"k": "v"}) == [1, "v", "v"]


def test_a_redrive_count_that_is_not_there_can_be_asked_for(sfn: Any, lambda_: Any) -> None:
    lambda_.answers["Invoke"] = failing()
    name = "{% $exists($states.context.Execution.RedriveCount) ? $states.context.Execution.RedriveCount : 0 %}"
    sfn.output(task(INVOKE, {"FunctionName": "f", "Payload": {"n": name}}))
    assert json.loads(lambda_.calls[-1][1]["Payload"]) == {"n": 0}
