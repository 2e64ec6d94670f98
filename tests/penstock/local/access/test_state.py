"""What the services of the account say of their resources."""

import json
from typing import Any

import pytest

from penstock.local.access.sources import Sources
from penstock.local.access.state import State
from penstock.local.gateway.bucket_policies import BucketPolicies
from penstock.local.service import AwsError, Caller, JsonObject

ACCOUNT = "123456789012"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        },
    }
)


class Answers:
    """A service of ours that has one resource."""

    name = "any"

    def call(self, operation: str, request: JsonObject, caller: Caller) -> JsonObject:  # noqa: ARG002
        if "none" in [*request.values()]:
            raise AwsError("ResourceNotFoundException", "no such resource")
        answers: dict[str, JsonObject] = {
            "DescribeEndpoint": {"EndpointConfigName": "Dev-E-1"},
            "DescribeEndpointConfig": {"KmsKeyId": "alias/mine", "ProductionVariants": [{"VariantName": "main"}]},
            "DescribeScalableTargets": {
                "ScalableTargets": [
                    {"ResourceId": "endpoint/Dev-E/variant/main"},
                    {"ResourceId": "endpoint/other/variant/b"},
                ]
            },
            "ListTags": {"Tags": {"a": "1"} if "Resource" in request else [{"Key": "a", "Value": "2"}]},
            "ListTagsForResource": {"tags": [{"key": "a", "value": "3"}]},
            "GetPolicy": {"Policy": json.dumps({"Statement": [{"Effect": "Allow", "Sid": "Events", "Action": "*"}]})},
        }
        return answers[operation]

    def close(self) -> None:
        """Nothing to end."""


@pytest.fixture
def sources(running: Any) -> Sources:
    ours = dict.fromkeys(("application-autoscaling", "lambda", "sagemaker", "stepfunctions"), Answers())
    return Sources(account=ACCOUNT, region="us-east-1", partition="aws", buckets=BucketPolicies(), services=ours)


@pytest.fixture
def key(running: Any) -> str:
    """The ARN of the key that alias/mine names."""
    kms = running.clients.operator("kms")
    found = [alias for alias in kms.list_aliases()["Aliases"] if alias["AliasName"] == "alias/mine"]
    if found:
        return f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{found[0]['TargetKeyId']}"
    made: str = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/mine", TargetKeyId=made)
    return made


def test_a_key_goes_by_its_arn_its_id_and_its_aliases(sources: Sources, key: str) -> None:
    state, identifier = State(sources), key.rpartition("/")[2]
    alias = f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/mine"
    assert {state.key(name) for name in (key, identifier, "alias/mine", alias)} == {key}
    assert state.key("alias/aws/s3") == state.key(None) == ""
    assert state.key("unknown") == f"arn:aws:kms:us-east-1:{ACCOUNT}:key/unknown"


def test_what_topics_queues_and_configurations_are_encrypted_with(running: Any, sources: Sources, key: str) -> None:
    state = State(sources)
    sns, sqs = running.clients.operator("sns"), running.clients.operator("sqs")
    topic = sns.create_topic(Name="secret", Attributes={"KmsMasterKeyId": key})["TopicArn"]
    sqs.create_queue(QueueName="secret", Attributes={"KmsMasterKeyId": "alias/mine"})
    assert state.topic_key(topic) == state.queue_key("secret") == state.endpoint_config_key("c") == key
    assert state.topic_key(f"{topic}-2") == state.queue_key("other") == state.endpoint_config_key("none") == ""


def test_a_deleted_object_is_none(running: Any, sources: Sources) -> None:
    s3, state = running.clients.operator("s3"), State(sources)
    s3.create_bucket(Bucket="versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    version = s3.put_object(Bucket="versions", Key="k", Body=b"1")["VersionId"]
    assert state.object_key("versions", "k") == ""
    s3.delete_object(Bucket="versions", Key="k")
    assert state.object_key("versions", "k") is None
    assert state.object_key("versions", "k", version) == ""
    assert state.object_key("nowhere", "k") is None
    assert state.bucket_key("versions") == ("", False)


def test_the_configuration_of_an_endpoint_and_the_roles_that_there_are(running: Any, sources: Sources) -> None:
    state = State(sources)
    assert (state.endpoint_config_of("e"), state.endpoint_config_of("none")) == ("dev-e-1", "*")
    running.clients.operator("iam").create_role(RoleName="there", AssumeRolePolicyDocument=TRUST)
    assert (state.has_role("there"), state.has_role("not-there")) == (True, False)


def test_the_variants_of_endpoints_and_configurations(sources: Sources) -> None:
    state = State(sources)
    assert (state.scaled_variants("dev-e"), state.scaled_variants("e")) == ({"main"}, set())
    assert (state.variants_of("c"), state.variants_of("none")) == (["main"], [])


def create_table(running: Any, name: str, **encryption: Any) -> None:
    running.clients.operator("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "endpoint", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "endpoint", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification=encryption,
    )


def test_a_look_at_a_table_makes_no_key(running: Any, sources: Sources, key: str) -> None:
    create_table(running, "looked-at", Enabled=True, SSEType="KMS", KMSMasterKeyId=key)
    kms = running.clients.operator("kms")
    before = kms.list_keys()["Keys"]
    assert State(sources).table_key("looked-at") == key
    assert kms.list_keys()["Keys"] == before


def test_what_a_table_is_encrypted_with(running: Any, sources: Sources, key: str) -> None:
    create_table(running, "plain", Enabled=False)
    create_table(running, "aws", Enabled=True, SSEType="KMS")
    create_table(running, "secret", Enabled=True, SSEType="KMS", KMSMasterKeyId="alias/mine")
    state = State(sources)
    assert state.table_key("secret") == state.table_key("arn:aws:dynamodb:::table/secret") == key
    assert state.table_key("plain") == state.table_key("aws") == state.table_key("none") == ""


def test_the_partition_key_of_a_table(running: Any, sources: Sources) -> None:
    create_table(running, "locks", Enabled=False)
    state = State(sources)
    assert state.partition_key("locks") == state.partition_key("arn:aws:dynamodb:::table/locks") == "endpoint"
    assert state.partition_key("none") == ""


@pytest.mark.parametrize(
    ("arn", "value"),
    [
        ("arn:aws:lambda:us-east-1:1:function:f", "1"),
        ("arn:aws:sagemaker:us-east-1:1:model/m", "2"),
        ("arn:aws:states:us-east-1:1:stateMachine:m", "3"),
        ("arn:aws:sns:us-east-1:1:t", None),
        ("*", None),
    ],
)
def test_tags_of_resources(sources: Sources, arn: str, value: str | None) -> None:
    assert State(sources).tags(arn).get("a") == value


def test_the_path_of_a_role_is_found(running: Any, sources: Sources) -> None:
    iam = running.clients.operator("iam")
    arn = iam.create_role(RoleName="pathed", Path="/some/", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    assert State(sources).role("pathed") == arn
    assert State(sources).role("none") == f"arn:aws:iam::{ACCOUNT}:role/none"


def test_policies_of_resources(running: Any, sources: Sources) -> None:
    statement = {"Sid": "One", "Effect": "Allow", "Principal": "*", "Action": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Resource": "*"}]})
    ecr, sqs, logs = (running.clients.operator(name) for name in ("ecr", "sqs", "logs"))
    repository = ecr.create_repository(repositoryName="open")["repository"]["repositoryArn"]
    ecr.set_repository_policy(
        repositoryName="open", policyText=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    sqs.create_queue(QueueName="open", Attributes={"Policy": document})
    logs.put_resource_policy(policyName="deliver", policyDocument=document)
    found = {
        "ecr:BatchGetImage": repository,
        "sqs:SendMessage": f"arn:aws:sqs:us-east-1:{ACCOUNT}:open",
        "logs:PutLogEvents": f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:/g:log-stream:s",
    }
    for action, arn in found.items():
        (policy,) = sources.of_resource(action, arn)
        assert [one.sid for one in policy.statements] == ["One"], action
    (policy,) = sources.of_resource("lambda:InvokeFunction", "arn:aws:lambda:us-east-1:1:function:f")
    assert [one.sid for one in policy.statements] == ["Events"]
    assert sources.of_resource("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/none") == ()
