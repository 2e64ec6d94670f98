"""Calls whose answers are lost: what they made is found and removed, by each type in its own way."""

from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from penstock.errors import DeployError

QUEUE = {"Queue": {"Type": "AWS::SQS::Queue"}}
TOPIC = {"Topic": {"Type": "AWS::SNS::Topic"}}
EMAIL = {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": "a@example.com"}
BUCKET = {"Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}}}


@pytest.fixture
def lose(account: Any) -> Any:
    """Deploy with the answer to an operation lost, before or after it has had its effect."""

    def deploy(service: str, operation: str, resources: dict[str, Any], *, after: bool = True) -> None:
        def cut(**_: Any) -> None:
            raise ConnectionClosedError(endpoint_url="http://localhost")

        events, event = account.client(service).meta.events, f"{service}.{operation}"
        event = f"after-call.{event}" if after else f"before-call.{event}"
        events.register(event, cut, "cut")
        with pytest.raises(DeployError, match="Connection was closed") as caught:
            account.deploy(resources)
        events.unregister(event, unique_id="cut")
        assert "the way back failed" not in str(caught.value)

    return deploy


@pytest.mark.parametrize("after", [False, True])
def test_a_queue_is_found_by_its_name(account: Any, lose: Any, *, after: bool) -> None:
    lose("sqs", "CreateQueue", QUEUE, after=after)
    assert "QueueUrls" not in account.client("sqs").list_queues()


@pytest.mark.parametrize("after", [False, True])
def test_a_subscription_is_found_by_what_it_delivers_where(account: Any, lose: Any, *, after: bool) -> None:
    account.deploy(TOPIC)
    lose("sns", "Subscribe", TOPIC | {"Email": {"Type": "AWS::SNS::Subscription", "Properties": EMAIL}}, after=after)
    assert account.client("sns").list_subscriptions()["Subscriptions"] == []


def test_a_subscription_of_others_is_not_taken_for_it(account: Any, lose: Any) -> None:
    other = EMAIL | {"Endpoint": "b@example.com"}
    stack = TOPIC | {"Other": {"Type": "AWS::SNS::Subscription", "Properties": other}}
    account.deploy(stack)
    lose("sns", "Subscribe", stack | {"Email": {"Type": "AWS::SNS::Subscription", "Properties": EMAIL}}, after=False)
    [found] = account.client("sns").list_subscriptions()["Subscriptions"]
    assert found["Endpoint"] == "b@example.com"


def test_a_mapping_is_found_by_its_queue_and_function(account: Any, lose: Any) -> None:
    account.client("iam").create_role(RoleName="hook", AssumeRolePolicyDocument="{}")
    code = {"ZipFile": "def handler(event, context): pass"}
    function = {"Code": code, "Handler": "index.handler", "Runtime": "python3.13"}
    function |= {"Role": "arn:aws:iam::123456789012:role/hook"}
    stack = QUEUE | {"Hook": {"Type": "AWS::Lambda::Function", "Properties": function}}
    account.deploy(stack)
    mapping = {"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}, "FunctionName": {"Ref": "Hook"}}
    mapped = {"Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}}
    lose("lambda", "CreateEventSourceMapping", stack | mapped)
    assert account.client("lambda").list_event_source_mappings()["EventSourceMappings"] == []


def rolled_back_with(account: Any, key: str) -> str:
    """Let a stack with a bucket fail after an object came into it; return what is said."""

    def fill(**_: Any) -> None:
        account.client("s3").put_object(Bucket="data", Key=key)
        raise ConnectionClosedError(endpoint_url="http://localhost")

    events = account.client("sns").meta.events
    events.register("before-call.sns.CreateTopic", fill, "fill")
    with pytest.raises(DeployError, match="Connection was closed") as caught:
        account.deploy(BUCKET | {"Topic": {"Type": "AWS::SNS::Topic", "DependsOn": "Data"}})
    events.unregister("before-call.sns.CreateTopic", unique_id="fill")
    return str(caught.value)


def test_access_logs_that_came_into_a_new_bucket_go_with_it(account: Any) -> None:
    told = rolled_back_with(account, "data/2026-01-02-03-04-05-0123456789ABCDEF")
    assert "the way back failed" not in told
    assert "data" not in [bucket["Name"] for bucket in account.client("s3").list_buckets()["Buckets"]]


def test_what_others_put_into_a_new_bucket_is_kept_and_so_is_the_bucket(account: Any) -> None:
    told = rolled_back_with(account, "a")
    assert "Resources.Data could not be put back" in told
    assert "BucketNotEmpty" in told
    assert "Empty it first, with all versions" in told
    assert account.client("s3").list_objects_v2(Bucket="data")["KeyCount"] == 1
    account.client("s3").delete_object(Bucket="data", Key="a")
    account.deploy(BUCKET)


def test_an_answer_that_the_service_broke_down_may_have_made_it(account: Any) -> None:
    def broken(parsed: dict[str, Any], http_response: Any, **_: Any) -> None:
        parsed["Error"] = {"Code": "InternalFailure", "Message": "Try again."}
        parsed["ResponseMetadata"]["HTTPStatusCode"] = 500
        http_response.status_code = 500

    events = account.client("logs").meta.events
    events.register("after-call.logs.CreateLogGroup", broken, "broken")
    with pytest.raises(DeployError, match="InternalFailure"):
        account.deploy({"Group": {"Type": "AWS::Logs::LogGroup"}})
    events.unregister("after-call.logs.CreateLogGroup", unique_id="broken")
    assert account.client("logs").describe_log_groups()["logGroups"] == []


@pytest.mark.parametrize("kind", ["AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"])
def test_a_policy_of_what_is_gone_is_gone_as_well(account: Any, kind: str) -> None:
    sqs, sns = account.client("sqs"), account.client("sns")
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    topic = sns.create_topic(Name="t")["TopicArn"]
    document = {"Version": "2012-10-17", "Statement": []}
    where = {"Queues": [queue]} if "SQS" in kind else {"Topics": [topic]}
    account.deploy({"Policy": {"Type": kind, "Properties": where | {"PolicyDocument": document}}})
    sqs.delete_queue(QueueUrl=queue)
    sns.delete_topic(TopicArn=topic)
    account.deployer.destroy("dev-app")
    assert account.deployer.stacks == ()
