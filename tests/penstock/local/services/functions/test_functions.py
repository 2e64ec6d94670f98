"""What functions are: made, described, changed, removed."""

import base64
import hashlib
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

CODE = "def handler(event, context):\n    return event\n"


def test_a_function_is_described(functions: Any, zipped: Any) -> None:
    archive = zipped({"app.py": CODE})
    name = functions.create(
        "",
        Code={"ZipFile": archive},
        Architectures=["arm64"],
        Environment={"Variables": {"NAME": "b"}},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": "/aws/lambda/mine"},
        TracingConfig={"Mode": "Active"},
    )
    described = functions.client.get_function_configuration(FunctionName=name)
    described.pop("ResponseMetadata")
    described.pop("LastModified")
    described.pop("RevisionId")
    assert described == {
        "FunctionName": name,
        "FunctionArn": f"arn:aws:lambda:us-east-1:123456789012:function:{name}",
        "Runtime": "python3.13",
        "Role": functions.role,
        "Handler": "app.handler",
        "CodeSize": len(archive),
        "CodeSha256": base64.b64encode(hashlib.sha256(archive).digest()).decode(),
        "Description": "",
        "Timeout": 20,
        "MemorySize": 128,
        "Version": "$LATEST",
        "Environment": {"Variables": {"NAME": "b"}},
        "TracingConfig": {"Mode": "Active"},
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "PackageType": "Zip",
        "Architectures": ["arm64"],
        "EphemeralStorage": {"Size": 512},
        "LoggingConfig": {
            "LogFormat": "JSON",
            "LogGroup": "/aws/lambda/mine",
            "ApplicationLogLevel": "INFO",
            "SystemLogLevel": "INFO",
        },
    }
    assert functions.client.get_function(FunctionName=name)["Configuration"]["FunctionName"] == name


def test_waiters_find_it_ready(functions: Any) -> None:
    name = functions.create(CODE)
    for waiter in ("function_active_v2", "function_updated_v2", "function_exists"):
        functions.client.get_waiter(waiter).wait(FunctionName=name)


def test_code_comes_from_s3(functions: Any, zipped: Any) -> None:
    s3 = functions.cloud.clients.operator("s3")
    s3.create_bucket(Bucket="assets")
    s3.put_object(Bucket="assets", Key="hooks.zip", Body=zipped({"app.py": CODE}))
    name = functions.create("", Code={"S3Bucket": "assets", "S3Key": "hooks.zip"})
    assert functions.invoke(name, 7).payload == 7


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ({"ZipFile": b"no archive"}, "Could not unzip uploaded file"),
        ({"S3Bucket": "no-such-bucket-here", "S3Key": "k"}, "S3 Error Code: NoSuchBucket"),
        ({}, "Please provide a source for function code"),
    ],
)
def test_code_that_cannot_be_had_is_refused(functions: Any, code: Any, message: str) -> None:
    with pytest.raises(functions.client.exceptions.InvalidParameterValueException, match=message):
        functions.create("", Code=code)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"Runtime": "nodejs22.x"}, "runs Python functions only"),
        ({"Environment": {"Variables": {"AWS_REGION": "x"}}}, "Reserved keys used in this request: AWS_REGION"),
        ({"Environment": {"Variables": {"NAME": "x" * 4096}}}, "exceeded the 4KB limit"),
        ({"DeadLetterConfig": {"TargetArn": "arn:aws:lambda:us-east-1:123456789012:function:f"}}, "SNS topics and SQS"),
    ],
)
def test_a_setting_that_lambda_or_we_do_not_take_is_refused(functions: Any, settings: Any, message: str) -> None:
    with pytest.raises(functions.client.exceptions.InvalidParameterValueException, match=message):
        functions.create(CODE, **settings)


def test_a_name_is_taken_once(functions: Any, zipped: Any) -> None:
    name = functions.create(CODE)
    with pytest.raises(functions.client.exceptions.ResourceConflictException):
        functions.client.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="app.handler",
            Role=functions.role,
            Code={"ZipFile": zipped({"app.py": CODE})},
        )


def test_an_update_keeps_what_it_does_not_name(functions: Any) -> None:
    name = functions.create(CODE, Environment={"Variables": {"NAME": "b"}}, MemorySize=256)
    before = functions.client.get_function_configuration(FunctionName=name)
    functions.client.update_function_configuration(FunctionName=name, Timeout=5)
    after = functions.client.get_function_configuration(FunctionName=name)
    assert (after["Timeout"], after["MemorySize"], after["Environment"]) == (5, 256, {"Variables": {"NAME": "b"}})
    assert after["RevisionId"] != before["RevisionId"]


def test_an_update_can_take_settings_away(functions: Any) -> None:
    name = functions.create(CODE, Environment={"Variables": {"NAME": "b"}})
    updated = functions.client.update_function_configuration(
        FunctionName=name, Environment={"Variables": {}}, DeadLetterConfig={"TargetArn": ""}
    )
    assert not {"Environment", "DeadLetterConfig"} & updated.keys()


def test_functions_are_listed(functions: Any) -> None:
    names = {functions.create(CODE) for _ in range(3)}
    pages = [*functions.client.get_paginator("list_functions").paginate(PaginationConfig={"PageSize": 2})]
    assert names <= {function["FunctionName"] for page in pages for function in page["Functions"]}
    assert {len(page["Functions"]) for page in pages[:-1]} == {2}


def test_a_deleted_function_is_gone(functions: Any) -> None:
    name = functions.create(CODE)
    functions.client.delete_function(FunctionName=name)
    with pytest.raises(functions.client.exceptions.ResourceNotFoundException):
        functions.client.get_function(FunctionName=name)


def test_functions_have_tags(functions: Any) -> None:
    name = functions.create(CODE, Tags={"a": "1"})
    arn = functions.client.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    functions.client.tag_resource(Resource=arn, Tags={"b": "2"})
    functions.client.untag_resource(Resource=arn, TagKeys=["a"])
    assert functions.client.list_tags(Resource=arn)["Tags"] == {"b": "2"}


def test_a_permission_is_a_statement_of_the_policy(functions: Any) -> None:
    name, client = functions.create(CODE), functions.client
    client.add_permission(
        FunctionName=name,
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn="arn:aws:events:us-east-1:123456789012:rule/failed",
        SourceAccount="123456789012",
    )
    assert json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"] == [
        {
            "Sid": "rule",
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "lambda:InvokeFunction",
            "Resource": f"arn:aws:lambda:us-east-1:123456789012:function:{name}",
            "Condition": {
                "ArnLike": {"AWS:SourceArn": "arn:aws:events:us-east-1:123456789012:rule/failed"},
                "StringEquals": {"AWS:SourceAccount": "123456789012"},
            },
        }
    ]


def test_a_permission_is_removed(functions: Any) -> None:
    name, client = functions.create(CODE), functions.client
    permission = {"FunctionName": name, "StatementId": "s"}
    client.add_permission(**permission, Action="lambda:InvokeFunction", Principal="events.amazonaws.com")
    with pytest.raises(client.exceptions.ResourceConflictException):
        client.add_permission(**permission, Action="lambda:InvokeFunction", Principal="events.amazonaws.com")
    client.remove_permission(**permission)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_policy(FunctionName=name)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.remove_permission(**permission)


def test_an_operation_that_is_not_served_says_so(functions: Any) -> None:
    with pytest.raises(ClientError, match="does not serve lambda:ListLayers"):
        functions.client.list_layers()


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("arn:aws:lambda:eu-west-1:123456789012:", "ResourceNotFoundException"),
        ("arn:aws:lambda:us-east-1:999999999999:", "AccessDeniedException"),
    ],
)
def test_a_function_of_elsewhere_is_not_served(functions: Any, place: str, error: str) -> None:
    name = functions.create(CODE)
    assert functions.client.get_function(FunctionName=f"123456789012:function:{name}")["Configuration"]
    with pytest.raises(ClientError, match=error):
        functions.client.invoke(FunctionName=f"{place}function:{name}")


def test_a_functions_name_has_64_characters_at_most(functions: Any) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        functions.client.create_function(
            FunctionName="f" * 65, Runtime="python3.13", Handler="a.b", Role=functions.role, Code={"ZipFile": b""}
        )
