"""A cloud's calls, carried out again: what clients see is what they saw."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.moto_api._internal.models import moto_api_backend
from werkzeug.wrappers import Response

from penstock.errors import CloudError
from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.control import Connection
from penstock.local.gateway.app import Gateway
from penstock.local.gateway.bucket_policies import BucketPolicies
from penstock.local.gateway.callers import Callers
from penstock.local.gateway.journal import Journal
from penstock.local.gateway.record import Record
from penstock.local.gateway.server import Server
from penstock.local.replay import replay

ACCOUNT = "123456789012"
TRUST = json.dumps({"Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}})
MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"})


class Allowing:
    """Allows everything, and lets nothing go wrong."""

    def authorise(self, *_: Any) -> list[str]:
        return []

    def before(self, *_: Any) -> None:
        """Nothing."""

    def after(self, *_: Any) -> None:
        """Nothing."""


class Cloud:
    """A gateway with a journal, which can be ended and begun again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal: Journal
        self._stack = ExitStack()
        self._begin()

    def _begin(self) -> None:
        moto_api_backend.reset()
        callers, allowing = Callers(account=ACCOUNT), Allowing()
        self.journal = self._stack.enter_context(closing(Journal(self.folder, Clock())))
        gateway = Gateway(
            callers=callers,
            services={},
            record=self._stack.enter_context(closing(Record(self.folder / "calls.jsonl"))),
            control=lambda _request: Response(),
            overlays={"s3": BucketPolicies()},
            access=allowing,
            faults=allowing,
            journal=self.journal,
        )
        server = self._stack.enter_context(closing(Server(gateway, port=0)))
        self.lost = replay(self.journal, gateway.moto, {})
        gateway.open()
        self._clients = Clients(
            url=f"http://localhost:{server.port}", account=ACCOUNT, region="us-east-1", operator=callers.operator
        )

    def client(self, service: str) -> Any:
        return self._clients.operator(service)

    def end(self) -> None:
        self._stack.close()

    def again(self) -> None:
        """End, and come back from the journal."""
        self.end()
        self._begin()


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    cloud = Cloud(tmp_path)
    yield cloud
    cloud.end()


def seen(answer: Any) -> Any:
    """An answer of AWS, without what differs from call to call."""
    return {key: value for key, value in answer.items() if key not in {"ResponseMetadata", "Body"}}


def same_after(cloud: Cloud, look: Callable[[Callable[[str], Any]], Any]) -> None:
    """Ask before and after the cloud has come back."""
    before = look(cloud.client)
    assert before
    cloud.again()
    assert look(cloud.client) == before


def test_an_object_whose_body_somebody_has_removed_is_named(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="bodies")
    s3.put_object(Bucket="bodies", Key="kept", Body=b"k" * 2_000_000)
    (kept,) = cloud.journal.bodies.iterdir()
    s3.put_object(Bucket="bodies", Key="lost", Body=b"l" * 2_000_000)
    (gone,) = {*cloud.journal.bodies.iterdir()} - {kept}
    gone.unlink()
    cloud.again()
    assert cloud.lost == [f"Lost: s3:PutObject of /bodies/lost, as {gone} is gone."]
    assert [one["Key"] for one in cloud.client("s3").list_objects_v2(Bucket="bodies")["Contents"]] == ["kept"]


def test_objects_and_their_versions_come_back(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="data")
    s3.put_bucket_versioning(Bucket="data", VersioningConfiguration={"Status": "Enabled"})
    key = "a b/ü%2F.csv"
    first = s3.put_object(Bucket="data", Key=key, Body=b"first", Metadata={"made_by": "me"})["VersionId"]
    s3.put_object(Bucket="data", Key=key, Body=b"second")
    s3.delete_object(Bucket="data", Key=key)

    def versions(client: Callable[[str], Any]) -> Any:
        listed = client("s3").list_object_versions(Bucket="data")
        return [
            (one["VersionId"], one["IsLatest"], one.get("ETag")) for one in listed["Versions"] + listed["DeleteMarkers"]
        ]

    same_after(cloud, versions)
    found = cloud.client("s3").get_object(Bucket="data", Key=key, VersionId=first)
    assert (found["Body"].read(), found["Metadata"]) == (b"first", {"made_by": "me"})


def test_the_access_log_of_a_bucket_comes_back_with_what_was_read(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    for name in ("data", "log"):
        s3.create_bucket(Bucket=name)
    grants = [
        {"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}, "Permission": right}
        for right in ("WRITE", "READ_ACP")
    ]
    owner = s3.get_bucket_acl(Bucket="log")["Owner"]
    s3.put_bucket_acl(Bucket="log", AccessControlPolicy={"Grants": grants, "Owner": owner})
    to = {"TargetBucket": "log", "TargetPrefix": "data/"}
    s3.put_bucket_logging(Bucket="data", BucketLoggingStatus={"LoggingEnabled": to})
    s3.put_object(Bucket="data", Key="k", Body=b"x")
    s3.get_object(Bucket="data", Key="k")

    def lines(client: Callable[[str], Any]) -> Any:
        listed = client("s3").list_objects_v2(Bucket="log")["Contents"]
        return {(one["Key"], one["ETag"]) for one in listed}

    same_after(cloud, lines)
    assert len(lines(cloud.client)) >= 2


def test_times_are_those_of_the_first_time(cloud: Cloud) -> None:
    cloud.client("s3").create_bucket(Bucket="data")
    put = cloud.client("s3").put_object(Bucket="data", Key="k", Body=b"x")["ResponseMetadata"]["HTTPHeaders"]["date"]
    role = cloud.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["CreateDate"]
    time.sleep(1.1)
    cloud.again()
    modified = cloud.client("s3").head_object(Bucket="data", Key="k")["LastModified"]
    assert abs(modified - parsedate_to_datetime(put)) <= timedelta(seconds=1)
    assert abs(cloud.client("iam").get_role(RoleName="r")["Role"]["CreateDate"] - role) < timedelta(seconds=1)


def test_a_large_upload_is_a_file_beside_the_journal(cloud: Cloud) -> None:
    body = os.urandom(3 << 20)
    cloud.client("s3").create_bucket(Bucket="data")
    cloud.client("s3").put_object(Bucket="data", Key="model.tar.gz", Body=body)
    assert [path.read_bytes() for path in (cloud.folder / "bodies").iterdir()] == [body]
    cloud.again()
    assert cloud.client("s3").get_object(Bucket="data", Key="model.tar.gz")["Body"].read() == body


def test_a_refused_upload_leaves_nothing(cloud: Cloud) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        cloud.client("s3").put_object(Bucket="none", Key="k", Body=bytes(3 << 20))
    assert list((cloud.folder / "bodies").iterdir()) == []
    assert list(cloud.journal.entries()) == []


def test_an_upload_in_parts_goes_on(cloud: Cloud) -> None:
    s3, where = cloud.client("s3"), {"Bucket": "data", "Key": "k"}
    s3.create_bucket(Bucket="data")
    upload = s3.create_multipart_upload(**where)["UploadId"]
    first = s3.upload_part(**where, UploadId=upload, PartNumber=1, Body=bytes(5 << 20))["ETag"]
    cloud.again()
    s3 = cloud.client("s3")
    second = s3.upload_part(**where, UploadId=upload, PartNumber=2, Body=b"end")["ETag"]
    parts = [{"PartNumber": 1, "ETag": first}, {"PartNumber": 2, "ETag": second}]
    s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": parts})
    cloud.again()
    assert cloud.client("s3").get_object(**where)["Body"].read() == bytes(5 << 20) + b"end"


def test_keys_decrypt_and_verify_what_they_did_before(cloud: Cloud) -> None:
    kms = cloud.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    secret = kms.encrypt(KeyId=key, Plaintext=b"secret")["CiphertextBlob"]
    signing = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")["KeyMetadata"]["KeyId"]
    how = {"KeyId": signing, "Message": b"m", "SigningAlgorithm": "ECDSA_SHA_256"}
    signature = kms.sign(**how)["Signature"]
    cloud.again()
    kms = cloud.client("kms")
    assert kms.decrypt(CiphertextBlob=secret)["Plaintext"] == b"secret"
    assert kms.verify(**how, Signature=signature)["SignatureValid"]


def test_ids_are_the_same_whoever_asks_in_between(cloud: Cloud) -> None:
    """Reads draw random numbers too, and moto's own start does."""
    iam, sns = cloud.client("iam"), cloud.client("sns")
    iam.list_roles()
    topic = sns.create_topic(Name="t")["TopicArn"]
    cloud.client("sqs").create_queue(QueueName="q")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{ACCOUNT}:q")
    cloud.client("sts").get_caller_identity()
    iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)
    iam.create_user(UserName="u")
    iam.create_access_key(UserName="u")

    def ids(client: Callable[[str], Any]) -> Any:
        return (
            client("iam").get_role(RoleName="r")["Role"]["RoleId"],
            client("iam").list_access_keys(UserName="u")["AccessKeyMetadata"][0]["AccessKeyId"],
            client("sns").list_subscriptions()["Subscriptions"],
        )

    same_after(cloud, ids)


def test_what_is_in_queues_comes_back_but_what_was_deleted(cloud: Cloud) -> None:
    sqs = cloud.client("sqs")
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    sent = sqs.send_message(QueueUrl=queue, MessageBody="in flight")["MessageId"]
    sqs.receive_message(QueueUrl=queue)
    sqs.send_message_batch(
        QueueUrl=queue, Entries=[{"Id": "1", "MessageBody": "deleted"}, {"Id": "2", "MessageBody": "waiting"}]
    )
    taken = sqs.receive_message(QueueUrl=queue)["Messages"][0]
    assert taken["Body"] == "deleted"
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=taken["ReceiptHandle"])
    for _ in range(2):  # the second time without the calls that nothing is left of
        cloud.again()
        sqs = cloud.client("sqs")
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
        assert [message["Body"] for message in messages] == ["in flight", "waiting"]
        assert messages[0]["MessageId"] == sent


def take_lock(dynamodb: Any, owner: str, *, former: str) -> None:
    dynamodb.update_item(
        TableName="t",
        Key={"k": {"S": "lock"}},
        UpdateExpression="SET #owner = :owner",
        ConditionExpression="#owner = :former",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": owner}, ":former": {"S": former}},
    )


def test_tables_logs_rules_parameters_and_images_come_back(cloud: Cloud) -> None:
    cloud.client("dynamodb").create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    cloud.client("dynamodb").put_item(TableName="t", Item={"k": {"S": "lock"}, "owner": {"S": "me"}})
    take_lock(cloud.client("dynamodb"), "other", former="me")
    with pytest.raises(ClientError, match="The conditional request failed"):
        take_lock(cloud.client("dynamodb"), "third", former="me")
    logs, where = cloud.client("logs"), {"logGroupName": "g", "logStreamName": "s"}
    logs.create_log_group(logGroupName="g")
    logs.create_log_stream(**where)
    for number in range(3):
        logs.put_log_events(**where, logEvents=[{"timestamp": 1_700_000_000_000 + number, "message": f"line {number}"}])
    cloud.client("events").put_rule(Name="r", ScheduleExpression="rate(1 day)")
    cloud.client("ssm").put_parameter(Name="/p", Value="v", Type="String")
    cloud.client("ecr").create_repository(repositoryName="forest")
    cloud.client("ecr").put_image(repositoryName="forest", imageManifest=MANIFEST, imageTag="1")

    def inventory(client: Callable[[str], Any]) -> Any:
        return [
            client("dynamodb").scan(TableName="t")["Items"],
            [event["message"] for event in client("logs").get_log_events(**where)["events"]],
            seen(client("events").describe_rule(Name="r")),
            client("ssm").get_parameter(Name="/p")["Parameter"]["Value"],
            client("ecr").list_images(repositoryName="forest")["imageIds"],
        ]

    same_after(cloud, inventory)
    same_after(cloud, inventory)


def test_policies_of_buckets_come_back_as_they_were_put(cloud: Cloud) -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    cloud.client("s3").create_bucket(Bucket="data")
    cloud.client("s3").put_bucket_policy(Bucket="data", Policy=policy)
    same_after(cloud, lambda client: client("s3").get_bucket_policy(Bucket="data")["Policy"])


def test_a_call_that_cannot_be_written_down_fails_by_name_and_the_cloud_goes_on(cloud: Cloud) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="data")
    pages = cloud.journal._database.execute("PRAGMA page_count")[0][0]
    cloud.journal._database.execute(f"PRAGMA max_page_count = {pages}")
    cannot = r"InternalFailure.*journal\.db: database or disk is full\. It goes on"
    with pytest.raises(ClientError, match=cannot) as failed:
        s3.put_object(Bucket="data", Key="k", Body=bytes(500_000))
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert s3.list_objects_v2(Bucket="data")["KeyCount"] == 1


def test_a_call_that_fails_now_is_logged_and_the_rest_comes_back(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="large", Body=bytes(2 << 20))
    s3.put_object(Bucket="data", Key="small", Body=b"x")
    for path in (cloud.folder / "bodies").iterdir():
        path.unlink()
    cloud.again()
    assert [one["Key"] for one in cloud.client("s3").list_objects_v2(Bucket="data")["Contents"]] == ["small"]
    assert "s3:PutObject" in caplog.text


def test_until_its_state_is_back_it_serves_itself_only_and_records_nothing(tmp_path: Path) -> None:
    callers, allowing = Callers(account=ACCOUNT), Allowing()
    with ExitStack() as stack:
        record = stack.enter_context(closing(Record(tmp_path / "calls.jsonl")))
        gateway = Gateway(
            callers=callers,
            services={},
            record=record,
            control=lambda _request: Response("control"),
            overlays={},
            access=allowing,
            faults=allowing,
            journal=stack.enter_context(closing(Journal(tmp_path, Clock()))),
        )
        server = stack.enter_context(closing(Server(gateway, port=0)))
        url = f"http://localhost:{server.port}"
        inside, outside = (
            Clients(url=url, account=ACCOUNT, region="us-east-1", operator=operator).operator("s3")
            for operator in (callers.inner, callers.operator)
        )
        inside.list_buckets()
        with pytest.raises(ClientError, match=r"ServiceUnavailable.* The local cloud is coming back"):
            outside.list_buckets()
        connection = Connection(url=url, key=callers.operator.secret_key)
        with pytest.raises(CloudError, match=r"^The local cloud at .* is coming back\. Try again\.$"):
            connection.describe()
        assert record.path.read_text() == ""
        gateway.open()
        outside.list_buckets()
        assert len(record.path.read_text().splitlines()) == 1
