"""Through the gateway: what a call takes follows from what is stored under the names that it gives."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
KMS = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}


class Worker:
    """A role of Lambda's, and its clients."""

    def __init__(self, running: Any) -> None:
        self._running, self._name = running, f"worker-{uuid.uuid4()}"
        self._iam = running.clients.operator("iam")
        trust = {"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        made = self._iam.create_role(RoleName=self._name, AssumeRolePolicyDocument=_document(trust))
        self._arn = made["Role"]["Arn"]

    def may(self, *statements: Any) -> None:
        self._iam.put_role_policy(RoleName=self._name, PolicyName="Own", PolicyDocument=_document(*statements))

    def client(self, service: str) -> Any:
        return self._running.clients.role(self._arn, service, session="run-1", by="lambda.amazonaws.com")


def _document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | one for one in statements]})


def code(call: Any, **request: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**request)
    return str(refused.value.response["Error"]["Code"])


@pytest.fixture
def worker(running: Any) -> Worker:
    return Worker(running)


@pytest.fixture
def keys(running: Any) -> list[str]:
    """The ARNs of two keys that are left to IAM."""
    kms = running.clients.operator("kms")
    return [kms.create_key(Policy=_document(KMS))["KeyMetadata"]["Arn"] for _ in range(2)]


def test_decrypting_is_judged_by_the_ciphertexts_key(running: Any, worker: Worker, keys: list[str]) -> None:
    operator = running.clients.operator("kms")
    mine, foreign = (operator.encrypt(KeyId=key, Plaintext=b"1")["CiphertextBlob"] for key in keys)
    worker.may({"Action": ["kms:Decrypt", "kms:ReEncrypt*"], "Resource": keys[0]})
    kms = worker.client("kms")
    assert kms.decrypt(CiphertextBlob=mine)["Plaintext"] == b"1"
    assert code(kms.decrypt, CiphertextBlob=foreign) == "AccessDeniedException"
    assert code(kms.re_encrypt, CiphertextBlob=foreign, DestinationKeyId=keys[0]) == "AccessDeniedException"
    named = {"SourceKeyId": keys[0], "DestinationKeyId": keys[0]}
    assert code(kms.re_encrypt, CiphertextBlob=foreign, **named) == "IncorrectKeyException"
    assert code(kms.decrypt, CiphertextBlob=foreign, KeyId=keys[0]) == "IncorrectKeyException"


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("get_parameter", {"Name": "{name}"}),
        ("get_parameter", {"Name": "{name}:1"}),
        ("get_parameters", {"Names": ["{name}"]}),
        ("get_parameters_by_path", {"Path": "{path}"}),
        ("get_parameter_history", {"Name": "{name}"}),
    ],
)
def test_a_secret_parameter_takes_its_key(
    running: Any, worker: Worker, keys: list[str], operation: str, request_: Any
) -> None:
    path = f"/{uuid.uuid4()}"
    running.clients.operator("ssm").put_parameter(Name=f"{path}/a", Value="1", Type="SecureString", KeyId=keys[0])
    request = json.loads(json.dumps(request_).replace("{name}", f"{path}/a").replace("{path}", path))
    worker.may({"Action": "ssm:*", "Resource": "*"})
    call = getattr(worker.client("ssm"), operation)
    call(**request)
    assert code(call, **request, WithDecryption=True) == "AccessDeniedException"
    via = {"StringEquals": {"kms:ViaService": "ssm.us-east-1.amazonaws.com"}}
    worker.may(
        {"Action": "ssm:*", "Resource": "*"},
        {"Action": "kms:Decrypt", "Resource": keys[0], "Condition": via},
    )
    call(**request, WithDecryption=True)


def test_a_plain_parameter_takes_no_key(running: Any, worker: Worker) -> None:
    name = f"/{uuid.uuid4()}"
    running.clients.operator("ssm").put_parameter(Name=name, Value="1", Type="String")
    worker.may({"Action": "ssm:*", "Resource": "*"})
    assert worker.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == "1"


def test_objects_are_read_by_their_tags(running: Any, worker: Worker) -> None:
    bucket, operator = f"data-{uuid.uuid4()}", running.clients.operator("s3")
    operator.create_bucket(Bucket=bucket)
    operator.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    public = operator.put_object(Bucket=bucket, Key="k", Body=b"1", Tagging="kind=public")["VersionId"]
    operator.put_object(Bucket=bucket, Key="k", Body=b"2", Tagging="kind=secret")
    tagged = {"StringEquals": {"s3:ExistingObjectTag/kind": "public"}}
    worker.may({"Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/*", "Condition": tagged})
    s3 = worker.client("s3")
    assert s3.get_object(Bucket=bucket, Key="k", VersionId=public)["Body"].read() == b"1"
    assert code(s3.get_object, Bucket=bucket, Key="k") == "AccessDenied"
    operator.delete_object(Bucket=bucket, Key="k")
    assert code(s3.get_object, Bucket=bucket, Key="k") == "AccessDenied"
