import io
import json
import zipfile
from typing import Any

import pytest

ROLE = "arn:aws:iam::123456789012:role/hook"
RULE = "arn:aws:events:us-east-1:123456789012:rule/failed"
TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"


@pytest.fixture(autouse=True)
def code(account: Any) -> None:
    """Two versions of a function's code, and its role."""
    account.client("iam").create_role(RoleName="hook", AssumeRolePolicyDocument="{}")
    account.client("s3").create_bucket(Bucket="code")
    for key in ("first.zip", "second.zip"):
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w") as archive:
            archive.writestr("hooks.py", key)
        account.client("s3").put_object(Bucket="code", Key=key, Body=body.getvalue())


def function(key: str = "first.zip", **properties: Any) -> dict[str, Any]:
    required = {
        "Code": {"S3Bucket": "code", "S3Key": key},
        "FunctionName": "dev-hook",
        "Handler": "hooks.handler",
        "Role": ROLE,
        "Runtime": "python3.13",
    }
    return {"Hook": {"Type": "AWS::Lambda::Function", "Properties": required | properties}}


FULL: dict[str, Any] = {
    "Architectures": ["arm64"],
    "DeadLetterConfig": {"TargetArn": TOPIC},
    "Environment": {"Variables": {"BUCKET": "data"}},
    "LoggingConfig": {"LogFormat": "JSON", "LogGroup": "/aws/lambda/dev-hook"},
    "MemorySize": 256,
    "Timeout": 60,
    "TracingConfig": {"Mode": "Active"},
}


def configuration(account: Any) -> dict[str, Any]:
    return dict(account.client("lambda").get_function_configuration(FunctionName="dev-hook"))


def test_every_property_of_a_function_is_asked_for(account: Any) -> None:
    asked: list[dict[str, Any]] = []
    events = account.client("lambda").meta.events
    events.register("provide-client-params.lambda.CreateFunction", lambda params, **_: asked.append(params), "asked")
    account.deploy(function(**FULL))
    events.unregister("provide-client-params.lambda.CreateFunction", unique_id="asked")
    assert asked == [function(**FULL)["Hook"]["Properties"]]


def test_changed_code_is_all_that_is_updated(account: Any) -> None:
    account.deploy(function(**FULL))
    former = configuration(account)["CodeSha256"]
    account.deploy(function("second.zip", **FULL))
    assert account.mutations == ["lambda:UpdateFunctionCode"]
    assert configuration(account)["CodeSha256"] != former


def test_a_changed_property_is_all_that_is_updated(account: Any) -> None:
    account.deploy(function(**FULL))
    account.deploy(function(**FULL | {"Timeout": 90}))
    assert account.mutations == ["lambda:UpdateFunctionConfiguration"]
    found = configuration(account)
    assert (found["Timeout"], found["MemorySize"]) == (90, 256)


def test_what_the_template_no_longer_says_goes_back_to_the_default(account: Any) -> None:
    account.deploy(function(**FULL))
    account.deploy(function())
    found = configuration(account)
    assert (found["Timeout"], found["MemorySize"]) == (3, 128)


def test_a_permission_is_a_statement_of_the_functions_policy(account: Any) -> None:
    def resources(action: str) -> dict[str, Any]:
        properties = {
            "Action": action,
            "FunctionName": {"Fn::GetAtt": ["Hook", "Arn"]},
            "Principal": "events.amazonaws.com",
            "SourceArn": RULE,
        }
        return function() | {"Permission": {"Type": "AWS::Lambda::Permission", "Properties": properties}}

    account.deploy(resources("lambda:InvokeFunction"))
    account.deploy(resources("lambda:GetFunction"))
    policy = json.loads(account.client("lambda").get_policy(FunctionName="dev-hook")["Policy"])
    [statement] = policy["Statement"]
    assert statement["Action"] == "lambda:GetFunction"
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"]["ArnLike"]["AWS:SourceArn"] == RULE


def test_code_in_the_template_is_one_file(account: Any) -> None:
    properties = function()["Hook"]["Properties"] | {"Code": {"ZipFile": "def handler(event, context): pass"}}
    asked: list[dict[str, Any]] = []
    events = account.client("lambda").meta.events
    events.register("provide-client-params.lambda.CreateFunction", lambda params, **_: asked.append(params), "asked")
    account.deploy({"Hook": {"Type": "AWS::Lambda::Function", "Properties": properties}})
    events.unregister("provide-client-params.lambda.CreateFunction", unique_id="asked")
    with zipfile.ZipFile(io.BytesIO(asked[0]["Code"]["ZipFile"])) as archive:
        assert archive.read("index.py") == b"def handler(event, context): pass"


def test_concurrency_is_reserved_and_given_back(account: Any) -> None:
    account.deploy(function(ReservedConcurrentExecutions=2))
    functions = account.client("lambda")
    assert functions.get_function_concurrency(FunctionName="dev-hook")["ReservedConcurrentExecutions"] == 2
    account.deploy(function())
    assert "ReservedConcurrentExecutions" not in functions.get_function_concurrency(FunctionName="dev-hook")


def test_what_becomes_of_an_event_is_configured(account: Any) -> None:
    def resources(retries: int) -> dict[str, Any]:
        failed = {"OnFailure": {"Destination": TOPIC}}
        properties = {"FunctionName": {"Ref": "Hook"}, "Qualifier": "$LATEST", "DestinationConfig": failed}
        config = {
            "Type": "AWS::Lambda::EventInvokeConfig",
            "Properties": properties | {"MaximumRetryAttempts": retries},
        }
        return function() | {"Config": config}

    account.deploy(resources(2))
    functions = account.client("lambda")
    found = functions.get_function_event_invoke_config(FunctionName="dev-hook")
    assert found["MaximumRetryAttempts"] == 2
    assert found["DestinationConfig"]["OnFailure"] == {"Destination": TOPIC}
    account.deploy(resources(1))
    assert account.mutations == ["lambda:PutFunctionEventInvokeConfig"]
    account.deploy(function())
    assert functions.list_function_event_invoke_configs(FunctionName="dev-hook")["FunctionEventInvokeConfigs"] == []
