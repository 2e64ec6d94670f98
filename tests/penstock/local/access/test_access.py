"""Through the gateway: policies that are put are what is decided by."""

import json
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.iam.models import iam_backends

ACCOUNT = "123456789012"
SOURCE = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:f"


def document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow"} | one for one in statements]})


class Worker:
    """A role that Lambda may assume for one function, and its clients."""

    def __init__(self, running: Any) -> None:
        self.running, self.name = running, f"worker-{uuid.uuid4()}"
        self.iam = running.clients.operator("iam")
        trust = {
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"ArnLike": {"aws:SourceArn": SOURCE}, "StringEquals": {"aws:SourceAccount": ACCOUNT}},
        }
        made = self.iam.create_role(RoleName=self.name, AssumeRolePolicyDocument=document(trust))
        self.arn: str = made["Role"]["Arn"]

    def may(self, *statements: Any) -> None:
        """Say all that it may do."""
        self.iam.put_role_policy(RoleName=self.name, PolicyName="Own", PolicyDocument=document(*statements))

    def client(self, service: str, source: str = SOURCE) -> Any:
        return self.running.clients.role(self.arn, service, session="run-1", by="lambda.amazonaws.com", source=source)

    @property
    def session(self) -> str:
        return f"arn:aws:sts::{ACCOUNT}:assumed-role/{self.name}/run-1"


@pytest.fixture
def worker(running: Any) -> Worker:
    return Worker(running)


@pytest.fixture
def bucket(running: Any) -> str:
    name = f"data-{uuid.uuid4()}"
    s3 = running.clients.operator("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"1")
    return name


def refusal(call: Any, **request: Any) -> dict[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**request)
    error: dict[str, str] = refused.value.response["Error"]
    return error


def test_a_role_without_policies_may_do_nothing(worker: Worker, bucket: str) -> None:
    assert refusal(worker.client("s3").get_object, Bucket=bucket, Key="k") == {
        "Code": "AccessDenied",
        "Message": f"User: {worker.session} is not authorized to perform: s3:GetObject on resource:"
        f" arn:aws:s3:::{bucket}/k because no identity-based policy allows the s3:GetObject action."
        " No statement of the role's policies names s3:GetObject.",
    }


def test_a_policy_counts_as_soon_as_it_is_put_and_no_longer_than_it_is_there(worker: Worker, bucket: str) -> None:
    s3, asked = worker.client("s3"), {"Bucket": bucket, "Key": "k"}
    worker.may({"Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"})
    assert s3.get_object(**asked)["Body"].read() == b"1"
    worker.iam.delete_role_policy(RoleName=worker.name, PolicyName="Own")
    assert refusal(s3.get_object, **asked)["Code"] == "AccessDenied"


def test_a_managed_policy_counts_in_its_default_version(worker: Worker, bucket: str) -> None:
    iam, s3, asked = worker.iam, worker.client("s3"), {"Bucket": bucket, "Key": "k"}
    allowing = document({"Action": "s3:*", "Resource": "*"})
    arn = iam.create_policy(PolicyName=worker.name, PolicyDocument=allowing)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=worker.name, PolicyArn=arn)
    s3.get_object(**asked)
    other = document({"Action": "sns:*", "Resource": "*"})
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=other, SetAsDefault=True)
    assert refusal(s3.get_object, **asked)["Code"] == "AccessDenied"
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    s3.get_object(**asked)


def test_a_denial_says_where_the_action_is_granted(worker: Worker, bucket: str) -> None:
    worker.may({"Sid": "Read", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"})
    message = refusal(worker.client("s3").get_object, Bucket=bucket, Key="k")["Message"]
    assert message.endswith("Read in Own grants it on arn:aws:s3:::other/* only.")


def test_a_denial_says_which_condition_does_not_hold(worker: Worker, bucket: str) -> None:
    condition = {"StringLike": {"s3:prefix": "a/*"}}
    worker.may({"Sid": "Find", "Action": "s3:ListBucket", "Resource": "*", "Condition": condition})
    listing = worker.client("s3").list_objects_v2
    assert listing(Bucket=bucket, Prefix="a/b")["KeyCount"] == 0
    message = refusal(listing, Bucket=bucket, Prefix="b")["Message"]
    assert message.endswith("Find in Own grants it there if StringLike s3:prefix: a/*; the call has b.")
    message = refusal(listing, Bucket=bucket)["Message"]
    assert message.endswith("if StringLike s3:prefix: a/*; the call has no such key.")


def test_a_denial_says_which_statement_denies(worker: Worker, bucket: str) -> None:
    worker.may({"Action": "*", "Resource": "*"}, {"Sid": "Never", "Effect": "Deny", "Action": "s3:*", "Resource": "*"})
    message = refusal(worker.client("s3").get_object, Bucket=bucket, Key="k")["Message"]
    assert "with an explicit deny in an identity-based policy. The statement is Never in Own." in message


def test_who_may_not_list_a_bucket_does_not_hear_what_is_not_in_it(worker: Worker, bucket: str) -> None:
    worker.may({"Action": "s3:GetObject", "Resource": "*"})
    assert refusal(worker.client("s3").get_object, Bucket=bucket, Key="none")["Code"] == "AccessDenied"
    worker.may({"Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"})
    assert refusal(worker.client("s3").get_object, Bucket=bucket, Key="none")["Code"] == "NoSuchKey"


def test_a_bucket_may_deny_even_the_operator(running: Any, bucket: str) -> None:
    s3 = running.clients.operator("s3")
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    s3.put_bucket_policy(Bucket=bucket, Policy=document(deny))
    message = refusal(s3.put_object, Bucket=bucket, Key="k", Body=b"2")["Message"]
    assert "with an explicit deny in a resource-based policy" in message


def test_a_boundary_is_read(worker: Worker, bucket: str) -> None:
    worker.may({"Action": "s3:*", "Resource": "*"})
    boundary = document({"Action": "sns:*", "Resource": "*"})
    arn = worker.iam.create_policy(PolicyName=f"b-{worker.name}", PolicyDocument=boundary)["Policy"]["Arn"]
    worker.iam.put_role_permissions_boundary(RoleName=worker.name, PermissionsBoundary=arn)
    message = refusal(worker.client("s3").get_object, Bucket=bucket, Key="k")["Message"]
    assert "because no permissions boundary allows the s3:GetObject action" in message


def test_a_role_is_assumed_only_as_its_trust_policy_says(running: Any, worker: Worker) -> None:
    worker.client("s3")
    with pytest.raises(ClientError, match=r"not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::.*"):
        worker.client("s3", source=f"{SOURCE}-2")
    with pytest.raises(ClientError, match=r"User: states\.amazonaws\.com is not authorized"):
        running.clients.role(worker.arn, "s3", session="s", by="states.amazonaws.com", source=SOURCE)


def test_an_encrypted_object_takes_its_key_through_s3(running: Any, worker: Worker, bucket: str) -> None:
    key = running.clients.operator("kms").create_key()["KeyMetadata"]["Arn"]
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    configuration = {"Rules": [rule | {"BucketKeyEnabled": True}]}
    operator = running.clients.operator("s3")
    operator.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=configuration)
    operator.put_object(Bucket=bucket, Key="k", Body=b"2")
    s3, objects = worker.client("s3"), {"Action": "s3:*", "Resource": "*"}
    worker.may(objects)
    assert f"kms:Decrypt on resource: {key}" in refusal(s3.get_object, Bucket=bucket, Key="k")["Message"]
    assert "kms:GenerateDataKey" in refusal(s3.put_object, Bucket=bucket, Key="n", Body=b"")["Message"]
    through = {
        "kms:ViaService": "s3.us-east-1.amazonaws.com",
        "kms:EncryptionContext:aws:s3:arn": f"arn:aws:s3:::{bucket}",
    }
    use = {"Action": "kms:Decrypt", "Resource": key, "Condition": {"StringEquals": through}}
    worker.may(objects, use)
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"2"


def test_a_key_that_does_not_delegate_to_iam_lets_nobody_in(running: Any, worker: Worker) -> None:
    kms = running.clients.operator("kms")
    only = {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:role/other"}, "Action": "kms:*", "Resource": "*"}
    key = kms.create_key(Policy=document(only))["KeyMetadata"]["KeyId"]
    worker.may({"Action": "kms:*", "Resource": "*"})
    message = refusal(worker.client("kms").encrypt, KeyId=key, Plaintext=b"1")["Message"]
    assert "because no resource-based policy allows the kms:Encrypt action" in message


def test_a_service_publishes_where_the_topic_lets_it_in(running: Any) -> None:
    sns = running.clients.operator("sns")
    topic = sns.create_topic(Name="news")["TopicArn"]
    allowed = {
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document(allowed))
    alarm = f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:a"
    running.clients.service("cloudwatch.amazonaws.com", "sns", source=alarm).publish(TopicArn=topic, Message="m")
    error = refusal(
        running.clients.service("events.amazonaws.com", "sns", source="rule").publish, TopicArn=topic, Message="m"
    )
    assert error["Code"] == "AuthorizationError"
    assert "because no resource-based policy allows the sns:Publish action" in error["Message"]


def test_tags_of_the_call_the_role_and_the_resource(worker: Worker) -> None:
    worker.iam.tag_role(RoleName=worker.name, Tags=[{"Key": "team", "Value": "blue"}])
    condition = {
        "StringEquals": {
            "aws:RequestTag/team": "${aws:PrincipalTag/team}",
            "aws:ResourceTag/team": "${aws:PrincipalTag/team}",
        },
        "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]},
    }
    worker.may({"Action": "iam:TagRole", "Resource": worker.arn, "Condition": condition})
    iam = worker.client("iam")
    iam.tag_role(RoleName=worker.name, Tags=[{"Key": "team", "Value": "blue"}])
    assert refusal(iam.tag_role, RoleName=worker.name, Tags=[{"Key": "team", "Value": "red"}])["Code"] == "AccessDenied"


def test_an_operation_that_is_in_no_table_may_nobody_call(running: Any) -> None:
    error = refusal(running.clients.operator("s3").list_bucket_analytics_configurations, Bucket="b")
    assert error["Code"] == "AccessDeniedException"
    assert "does not know which permissions s3:ListBucketAnalyticsConfigurations takes" in error["Message"]


def test_anybody_may_ask_who_they_are(worker: Worker) -> None:
    assert worker.client("sts").get_caller_identity()["Arn"] == worker.session


def test_a_denied_call_is_recorded_with_what_it_was_about(running: Any, worker: Worker, bucket: str) -> None:
    refusal(worker.client("s3").get_object, Bucket=bucket, Key="k")
    last = json.loads(running.record.read_text().splitlines()[-1])
    assert (last["caller"], last["operation"], last["result"]) == (worker.session, "GetObject", "AccessDenied")
    assert last["resources"] == [f"arn:aws:s3:::{bucket}/k"]


def test_a_topic_without_a_policy_of_its_own_lets_no_role_in(worker: Worker) -> None:
    topic = worker.running.clients.operator("sns").create_topic(Name=worker.name)["TopicArn"]
    publish = worker.client("sns").publish
    assert refusal(publish, TopicArn=topic, Message="m")["Code"] == "AuthorizationError"
    worker.may({"Action": "sns:Publish", "Resource": topic})
    assert publish(TopicArn=topic, Message="m")["MessageId"]


def test_a_denial_by_a_key_that_is_not_known_says_so(worker: Worker, bucket: str) -> None:
    get, asked = worker.client("s3").get_object, {"Bucket": bucket, "Key": "k"}
    unknown = {"Condition": {"StringEquals": {"s3:Nothing": "x"}}}
    allow, deny = {"Action": "*", "Resource": "*"}, {"Sid": "No", "Effect": "Deny", "Action": "*", "Resource": "*"}
    worker.may(allow, deny | unknown)
    assert refusal(get, **asked)["Message"].endswith(
        "The statement is No in Own: the local cloud does not know the condition key s3:Nothing, so it denies all that"
        " it may mean."
    )
    worker.may(allow | unknown)
    assert refusal(get, **asked)["Message"].endswith(
        "if StringEquals s3:Nothing: x; the local cloud does not know the condition key s3:Nothing."
    )


def test_a_policy_that_was_kept_and_cannot_be_read_is_named(worker: Worker, bucket: str) -> None:
    iam_backends[ACCOUNT]["aws"].get_role(worker.name).policies["Own"] = "{"
    assert refusal(worker.client("s3").get_object, Bucket=bucket, Key="k")["Message"].endswith(
        "Own cannot be read, so it allows nothing: it is not JSON."
    )


def test_a_session_is_known_by_its_role_its_age_and_its_client(worker: Worker, bucket: str) -> None:
    role_id = worker.iam.get_role(RoleName=worker.name)["Role"]["RoleId"]
    condition = {
        "StringEquals": {"aws:userid": f"{role_id}:run-1"},
        "StringLike": {"aws:UserAgent": "*Boto3*"},
        "DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"},
    }
    worker.may({"Action": "s3:GetObject", "Resource": "*", "Condition": condition})
    assert worker.client("s3").get_object(Bucket=bucket, Key="k")["Body"].read() == b"1"


def test_iam_has_a_key_of_its_own_for_the_tags_of_roles(worker: Worker) -> None:
    worker.iam.tag_role(RoleName=worker.name, Tags=[{"Key": "team", "Value": "blue"}])
    own = {"Condition": {"StringEquals": {"iam:ResourceTag/team": "blue"}}}
    worker.may({"Action": "iam:GetRole", "Resource": "*"} | own)
    assert worker.client("iam").get_role(RoleName=worker.name)["Role"]["Arn"] == worker.arn


def test_a_role_may_change_its_own_items_of_a_table_if_it_may_use_the_tables_key(worker: Worker, running: Any) -> None:
    key = running.clients.operator("kms").create_key()["KeyMetadata"]["Arn"]
    arn = running.clients.operator("dynamodb").create_table(
        TableName=worker.name,
        KeySchema=[{"AttributeName": "endpoint", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "endpoint", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
    )["TableDescription"]["TableArn"]
    put = worker.client("dynamodb").put_item
    mine, other = ({"TableName": worker.name, "Item": {"endpoint": {"S": name}}} for name in ("mine", "other"))
    own = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["mine"]}, "Null": {"dynamodb:LeadingKeys": "false"}}
    write = {"Action": "dynamodb:PutItem", "Resource": arn, "Condition": own}
    worker.may(write)
    assert "kms:Decrypt" in refusal(put, **mine)["Message"]
    through = {"StringEquals": {"kms:ViaService": "dynamodb.us-east-1.amazonaws.com"}}
    worker.may(write, {"Action": "kms:Decrypt", "Resource": key, "Condition": through})
    put(**mine)
    assert "dynamodb:PutItem" in refusal(put, **other)["Message"]
