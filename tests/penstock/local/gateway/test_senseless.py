"""Requests that cannot be read, or that moto breaks at: the client is told, and nothing of ours has failed."""

import http.client
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from penstock.local.gateway.senseless import understood

DEEP = "[" * 100_000 + "]" * 100_000
DISPOSITION = "AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/{service}/aws4_request"


class Raw:
    """Sends what no SDK would."""

    def __init__(self, running: Any) -> None:
        self._address = urlsplit(running.clients.url).netloc
        self._key = running.clients.operator("sts")._request_signer._credentials.access_key

    def __call__(
        self, service: str, method: str, path: str, body: bytes | str = b"", **headers: str
    ) -> tuple[int, str]:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        said["Authorization"] = DISPOSITION.format(key=self._key, service=service)
        connection = http.client.HTTPConnection(self._address, timeout=30)
        connection.request(method, path, body, said)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def json(self, service: str, target: str, body: bytes | str) -> tuple[int, str]:
        return self(service, "POST", "/", body, X_Amz_Target=target, Content_Type="application/x-amz-json-1.1")

    def query(self, service: str, **fields: str) -> tuple[int, str]:
        return self(service, "POST", "/", urlencode(fields), Content_Type="application/x-www-form-urlencoded")


@pytest.fixture
def raw(running: Any) -> Raw:
    return Raw(running)


@pytest.mark.parametrize(
    "body",
    [
        '{"CreationTimeAfter": NaN}',
        '{"CreationTimeAfter": ""}',
        '{"CreationTimeAfter": 1e30}',
        '{"CreationTimeAfter": "yesterday"}',
        b'{"NameContains": "\xff"}',
        f'{{"NameContains": {DEEP}}}',
        DEEP,
    ],
    ids=["NaN", "empty time", "distant time", "no time", "no UTF-8", "deep member", "deep"],
)
def test_json_that_cannot_be_read(raw: Raw, body: bytes | str) -> None:
    status, text = raw.json("sagemaker", "SageMaker.ListModels", body)
    assert (status, json.loads(text)["__type"]) == (400, "SerializationException")


def test_base64_that_is_none(raw: Raw) -> None:
    status, text = raw.json("kms", "TrentService.Decrypt", '{"CiphertextBlob": "abcde"}')
    assert (status, json.loads(text)["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/b?max-keys=abc&list-type=2"), ("PUT", "/b/k?partNumber=abc&uploadId=u"), ("GET", "/b?max-keys=")],
)
def test_numbers_of_s3_that_are_none(raw: Raw, method: str, path: str) -> None:
    status, text = raw("s3", method, path)
    assert (status, "<Code>InvalidArgument</Code>" in text) == (400, True)


@pytest.mark.parametrize("body", ["<Delete><Object>", "no XML", b"\xff\xfe", "<Delete><Object/>" + "<a>" * 9])
def test_xml_of_s3_that_is_none(raw: Raw, body: bytes | str) -> None:
    status, text = raw("s3", "POST", "/b?delete", body)
    assert (status, "<Code>MalformedXML</Code>" in text) == (400, True)


@pytest.mark.parametrize(
    ("service", "fields"),
    [
        ("iam", {"Action": "ListRoles", "MaxItems": "abc"}),
        ("monitoring", {"Action": "GetMetricStatistics", "StartTime": "yesterday"}),
    ],
)
def test_a_query_that_cannot_be_read(raw: Raw, service: str, fields: dict[str, str]) -> None:
    status, text = raw.query(service, **fields)
    assert (status, "<Code>MalformedInput</Code>" in text) == (400, True)


@pytest.fixture
def careless(running: Any) -> Any:
    """Clients that send whatever they are given."""

    def make(service: str) -> Any:
        config = boto3.session.Config(parameter_validation=False, retries={"max_attempts": 0})
        credentials = running.clients.operator("sts")._request_signer._credentials
        return boto3.client(
            service,
            region_name="us-east-1",
            endpoint_url=running.clients.url,
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret_key,
            config=config,
        )

    return make


UNKNOWN = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("kms", "list_grants", {"KeyId": UNKNOWN}),
        (
            "kms",
            "create_grant",
            {"KeyId": UNKNOWN, "GranteePrincipal": "arn:aws:iam::1:role/r", "Operations": ["Encrypt"]},
        ),
        ("logs", "get_query_results", {"queryId": "unknown"}),
        ("logs", "describe_export_tasks", {"taskId": "unknown"}),
        ("ecr", "put_image", {"repositoryName": "unknown", "imageManifest": "{}"}),
        ("sqs", "delete_queue", {"QueueUrl": ""}),
        ("sns", "publish", {"TopicArn": "no-arn", "Message": "m"}),
        ("sns", "get_topic_attributes", {"TopicArn": "no-arn"}),
        ("sns", "list_topics", {"NextToken": "abc"}),
        ("iam", "list_roles", {"Marker": "abc"}),
        (
            "dynamodb",
            "create_table",
            {"TableName": "t", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "AttributeDefinitions": []},
        ),
    ],
)
def test_what_moto_breaks_at_is_refused(careless: Any, service: str, operation: str, parameters: Any) -> None:
    client = careless(service)
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)(**parameters)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500


def test_the_traceback_of_what_broke_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with (
        pytest.raises(Exception, match="ValidationException: The local cloud could not make sense"),
        understood("a", "B"),
    ):
        int("key")
    assert [(entry.levelname, entry.exc_info is not None) for entry in caplog.records] == [("WARNING", True)]


def test_an_error_of_the_machine_is_not_the_clients(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(OSError, match="full"), understood("s3", "PutObject"):
        raise OSError("full")
    assert not caplog.records
