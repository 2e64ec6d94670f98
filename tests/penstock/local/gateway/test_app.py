import json
import urllib.error
import urllib.request
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

ALLOW = {"Effect": "Allow", "Action": "*"}
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW | {"Principal": {"Service": "lambda.amazonaws.com"}}]})
ANYTHING = json.dumps({"Version": "2012-10-17", "Statement": [ALLOW | {"Resource": "*"}]})


def records(running: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in running.record.read_text().splitlines()]


def test_a_service_of_moto_is_served_behind_the_door(running: Any) -> None:
    s3 = running.clients.operator("s3")
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="a b/ü+%.csv", Body=b"x" * 300_000)
    assert s3.get_object(Bucket="data", Key="a b/ü+%.csv")["Body"].read() == b"x" * 300_000


def test_a_presigned_url_is_served(running: Any) -> None:
    s3 = running.clients.operator("s3")
    s3.create_bucket(Bucket="presigned")
    s3.put_object(Bucket="presigned", Key="k", Body=b"1")
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "presigned", "Key": "k"})
    with urllib.request.urlopen(url) as response:
        assert response.read() == b"1"


def test_a_service_of_ours_gets_parsed_parameters_and_its_caller(running: Any) -> None:
    iam = running.clients.operator("iam")
    role = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    iam.put_role_policy(RoleName="worker", PolicyName="Anything", PolicyDocument=ANYTHING)
    sagemaker = running.clients.role(role, "sagemaker", session="run-1", by="lambda.amazonaws.com")
    answer = sagemaker.create_model(ModelName="m", ExecutionRoleArn=role)
    assert answer["ModelArn"].endswith("model/m")
    operation, request, caller = running.echo.calls[-1]
    assert (operation, request) == ("CreateModel", {"ModelName": "m", "ExecutionRoleArn": role})
    assert caller.arn == "arn:aws:sts::123456789012:assumed-role/worker/run-1"


def test_an_error_of_ours_reaches_the_client_in_its_own_form(running: Any) -> None:
    with pytest.raises(ClientError) as failed:
        running.clients.operator("sagemaker").delete_endpoint(EndpointName="e")
    assert failed.value.response["Error"] == {"Code": "ValidationException", "Message": "Could not find endpoint."}


@pytest.fixture
def careless(running: Any) -> Any:
    """A client of SageMaker that sends whatever it is given."""
    return boto3.client(
        "sagemaker",
        region_name="us-east-1",
        endpoint_url=running.clients.url,
        config=boto3.session.Config(parameter_validation=False),
        **credentials(running),
    )


def test_a_value_of_a_wrong_type_is_refused_before_anything_reads_it(running: Any, careless: Any) -> None:
    before = len(running.echo.calls)
    with pytest.raises(ClientError, match="NUMBER_VALUE can not be converted to a String") as refused:
        careless.create_model(ModelName=5)
    assert refused.value.response["Error"]["Code"] == "SerializationException"
    assert len(running.echo.calls) == before


def test_an_invalid_request_is_refused_before_the_service_sees_it(running: Any, careless: Any) -> None:
    before = len(running.echo.calls)
    with pytest.raises(ClientError, match="'modelName' failed to satisfy constraint: Member must satisfy regular"):
        careless.create_model(ModelName="no spaces")
    assert len(running.echo.calls) == before


def test_a_bug_of_ours_is_an_internal_failure_and_is_logged(running: Any, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ClientError, match="InternalFailure"):
        running.clients.operator("sagemaker").delete_model(ModelName="m")
    assert "ZeroDivisionError" in caplog.text


def test_an_unknown_key_is_refused(running: Any) -> None:
    stranger = boto3.client(
        "sqs",
        region_name="us-east-1",
        endpoint_url=running.clients.url,
        aws_access_key_id="AKIASTRANGER",
        aws_secret_access_key="x",
    )
    with pytest.raises(ClientError, match="The security token included in the request is invalid"):
        stranger.list_queues()


def test_a_request_without_a_signature_is_refused(running: Any) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(f"{running.clients.url}/bucket/key"):
        pass
    with refused.value as error:
        assert (error.code, b"is missing Authentication Token" in error.read()) == (403, True)


def test_a_service_that_is_not_served_says_so(running: Any) -> None:
    with pytest.raises(ClientError, match="The local cloud does not serve batch"):
        running.clients.operator("batch").describe_job_queues()


def test_every_call_is_recorded_with_caller_operation_and_result(running: Any) -> None:
    running.clients.operator("sns").create_topic(Name="alerts")
    with pytest.raises(ClientError):
        running.clients.operator("sagemaker").delete_endpoint(EndpointName="gone")
    done, failed = records(running)[-2:]
    assert (done["service"], done["operation"], done["result"]) == ("sns", "CreateTopic", "OK")
    assert done["caller"] == "arn:aws:iam::123456789012:user/operator"
    assert (failed["operation"], failed["result"]) == ("DeleteEndpoint", "ValidationException")


def test_an_error_of_moto_is_recorded_by_its_code(running: Any) -> None:
    with pytest.raises(ClientError):
        running.clients.operator("s3").get_object(Bucket="data-that-is-not", Key="k")
    assert records(running)[-1]["result"] == "NoSuchBucket"


def test_what_is_no_call_goes_to_control(running: Any) -> None:
    with urllib.request.urlopen(f"{running.clients.url}/_penstock/cloud") as response:
        assert response.read() == b"control"


def test_a_policy_whose_denial_has_a_condition_denies_nothing_here_and_is_kept_as_put(running: Any) -> None:
    s3 = running.clients.operator("s3")
    s3.create_bucket(Bucket="tls-only")
    denial = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::tls-only/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denial]})
    s3.put_bucket_policy(Bucket="tls-only", Policy=policy)
    s3.put_object(Bucket="tls-only", Key="k", Body=b"1")
    assert s3.get_bucket_policy(Bucket="tls-only")["Policy"] == policy
    s3.delete_bucket_policy(Bucket="tls-only")
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        s3.get_bucket_policy(Bucket="tls-only")


def credentials(running: Any) -> dict[str, str]:
    return {
        "aws_access_key_id": running.operator.access_key,
        "aws_secret_access_key": running.operator.secret_key,
    }


def test_what_moto_has_not_implemented_is_said_in_the_services_own_form(running: Any) -> None:
    iam = running.clients.operator("iam")
    with pytest.raises(ClientError, match="does not serve iam:SimulatePrincipalPolicy"):
        iam.simulate_principal_policy(PolicySourceArn="arn:aws:iam::123456789012:role/r", ActionNames=["s3:GetObject"])
    assert records(running)[-1]["result"] == "InternalFailure"
