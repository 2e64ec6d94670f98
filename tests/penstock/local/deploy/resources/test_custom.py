"""Custom resources, with a function that answers as a user's would: by PUT to the address that it is given."""

import io
import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse

from penstock.errors import DeployError
from penstock.local.service import JsonObject

TOKEN = "arn:aws:lambda:us-east-1:123456789012:function:quota"


class Function:
    """A function: it keeps the events that it gets, and answers what a test wants."""

    def __init__(self) -> None:
        self.events: list[JsonObject] = []
        self.answer: Callable[[JsonObject], JsonObject | str | None] = lambda _: {}
        self.error = ""

    def __call__(self, params: JsonObject, **_: Any) -> Any:
        event = json.loads(params["body"])
        self.events.append(event)
        answer = self.answer(event)
        if answer is not None:
            default = {name: event[name] for name in ("LogicalResourceId", "RequestId", "StackId")}
            default |= {"Status": "SUCCESS", "PhysicalResourceId": event.get("PhysicalResourceId", "quota-1")}
            body = answer if isinstance(answer, str) else json.dumps(default | answer)
            headers = {"Content-Type": ""}  # as AWS's own module for it
            put = urllib.request.Request(event["ResponseURL"], data=body.encode(), headers=headers, method="PUT")
            urllib.request.urlopen(put).close()
        failed = {"FunctionError": "Unhandled"} if self.error else {}
        parsed = {"StatusCode": 200, "Payload": io.BytesIO(self.error.encode()), **failed}
        return AWSResponse("", 200, {}, None), parsed

    @property
    def asked(self) -> list[tuple[str, str | None]]:
        return [(event["RequestType"], event.get("PhysicalResourceId")) for event in self.events]


@pytest.fixture
def function(account: Any) -> Iterator[Function]:
    function, events = Function(), account.client("lambda").meta.events
    events.register("before-call.lambda.Invoke", function, "function")
    yield function
    events.unregister("before-call.lambda.Invoke", unique_id="function")


def quota(**properties: Any) -> dict[str, Any]:
    return {"Quota": {"Type": "Custom::Quota", "Properties": {"ServiceToken": TOKEN} | properties}}


BROKEN = {"Broken": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": "soon"}}}
VALUE = {"Limit": {"Value": {"Fn::GetAtt": ["Quota", "Limit"]}}, "Id": {"Value": {"Ref": "Quota"}}}


def test_a_resource_is_what_its_function_answers(account: Any, function: Function) -> None:
    function.answer = lambda _: {"Data": {"Limit": "4"}}
    stack = account.deploy(quota(Count=3, On=True, Names=["a"]), Outputs=VALUE)
    assert stack.outputs == {"Limit": "4", "Id": "quota-1"}
    [event] = function.events
    assert event["ResourceProperties"] == {"ServiceToken": TOKEN, "Count": "3", "On": "true", "Names": ["a"]}
    assert (event["LogicalResourceId"], event["ResourceType"]) == ("Quota", "Custom::Quota")
    assert event["StackId"].startswith("arn:aws:cloudformation:us-east-1:123456789012:stack/dev-app/")


def test_the_answers_are_not_left_behind(account: Any, function: Function) -> None:
    account.deploy(quota())
    bucket = "cdk-hnb659fds-assets-123456789012-us-east-1"
    assert account.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_an_update_gets_what_was_and_may_change_the_attributes(account: Any, function: Function) -> None:
    function.answer = lambda event: {"Data": {"Limit": event["ResourceProperties"]["Count"]}}
    account.deploy(quota(Count=3), Outputs=VALUE)
    assert account.deploy(quota(Count=5), Outputs=VALUE).outputs["Limit"] == "5"
    assert function.asked == [("Create", None), ("Update", "quota-1")]
    assert function.events[1]["OldResourceProperties"]["Count"] == "3"


def test_another_id_after_an_update_is_a_replacement(account: Any, function: Function) -> None:
    function.answer = lambda event: {"PhysicalResourceId": f"quota-{event['ResourceProperties']['Count']}"}
    account.deploy(quota(Count=1))
    account.deploy(quota(Count=2))
    assert function.asked == [("Create", None), ("Update", "quota-1"), ("Delete", "quota-1")]
    assert function.events[2]["ResourceProperties"]["Count"] == "1"


def test_a_failed_deployment_brings_back_the_former_resource(account: Any, function: Function) -> None:
    function.answer = lambda event: {"PhysicalResourceId": f"quota-{event['ResourceProperties']['Count']}"}
    account.deploy(quota(Count=1))
    with pytest.raises(DeployError, match=r"Resources\.Broken"):
        account.deploy(quota(Count=2) | BROKEN)
    assert function.asked[2:] == [("Update", "quota-2"), ("Delete", "quota-2")]
    function.events.clear()
    account.deploy(quota(Count=1))
    assert function.asked == []


def test_another_id_on_the_way_back_is_the_resources_from_then_on(account: Any, function: Function) -> None:
    count = iter(range(1, 10))
    function.answer = lambda event: (
        {} if event["RequestType"] == "Delete" else {"PhysicalResourceId": f"q-{next(count)}"}
    )
    account.deploy(quota(Count=1))
    with pytest.raises(DeployError):
        account.deploy(quota(Count=2) | BROKEN)
    function.events.clear()
    account.deployer.destroy("dev-app")
    assert function.asked == [("Delete", "q-3")]


def test_a_failure_is_told_and_what_was_begun_is_deleted(account: Any, function: Function) -> None:
    function.answer = lambda event: {"Status": "FAILED", "Reason": "no"} if event["RequestType"] == "Create" else {}
    with pytest.raises(DeployError, match=r"dev-app: Resources\.Quota: Custom::Quota: .*\[FAILED\].* Reason: no"):
        account.deploy(quota())
    assert function.asked == [("Create", None), ("Delete", "quota-1")]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("no JSON", "Invalid Response object: it is not JSON"),
        ('{"Status": "DONE"}', "Status must be SUCCESS or FAILED"),
        ({"PhysicalResourceId": None}, "Invalid PhysicalResourceId"),
        ({"PhysicalResourceId": ""}, "Invalid PhysicalResourceId"),
        ({"RequestId": "other"}, "Invalid Response object: RequestId is 'other', and the request says"),
        ({"StackId": None}, "Invalid Response object: StackId is None"),
        ({"LogicalResourceId": "Other"}, "LogicalResourceId is 'Other', and the request says 'Quota'"),
        ({"Data": "x"}, "Data must be an object, found 'x'"),
        ({"Status": "FAILED"}, "Reason: no reason was given"),
        ({"Data": {"Text": "x" * 4096}}, "Response object is too long: .* at most 4096"),
    ],
)
def test_a_wrong_answer_fails_the_deployment(account: Any, function: Function, answer: Any, message: str) -> None:
    function.answer = lambda event: answer if event["RequestType"] == "Create" else {}
    with pytest.raises(DeployError, match=message):
        account.deploy(quota())


def test_an_update_without_an_id_fails(account: Any, function: Function) -> None:
    account.deploy(quota(Count=1))
    function.answer = lambda event: {"PhysicalResourceId": None} if event["ResourceProperties"]["Count"] == "2" else {}
    with pytest.raises(DeployError, match="Invalid PhysicalResourceId: the answer to Update must give one"):
        account.deploy(quota(Count=2))


def test_what_failed_and_never_said_its_id_is_deleted_by_another(account: Any, function: Function) -> None:
    failed = {"Status": "FAILED", "PhysicalResourceId": None}
    function.answer = lambda event: failed if event["RequestType"] == "Create" else {}
    with pytest.raises(DeployError, match="no reason was given"):
        account.deploy(quota())
    [_, (kind, identity)] = function.asked
    assert (kind, str(identity).rpartition("-")[0]) == ("Delete", "dev-app-Quota")


def test_a_function_that_ends_with_an_error_is_not_waited_for(account: Any, function: Function) -> None:
    function.answer, function.error = (lambda _: None), '{"errorMessage": "division by zero"}'
    with pytest.raises(DeployError, match=r"ended with an error before it answered: .*division by zero"):
        account.deploy(quota())


def test_a_function_that_does_not_answer_is_waited_for_until_the_time_is_up(account: Any, function: Function) -> None:
    function.answer = lambda event: None if event["RequestType"] == "Create" else {}
    with pytest.raises(DeployError, match=r"did not receive a response from your Custom Resource within 0\.1 s"):
        account.deploy(quota(ServiceTimeout="0.1"))
    assert [kind for kind, _ in function.asked] == ["Create", "Delete"]


def test_a_secret_attribute_is_used_but_not_shown(account: Any, function: Function) -> None:
    function.answer = lambda _: {"Data": {"Limit": "hush"}, "NoEcho": True}
    group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Fn::GetAtt": ["Quota", "Limit"]}}}
    stack = account.deploy(quota() | {"Group": group}, Outputs=VALUE)
    assert stack.outputs == {"Limit": "*****", "Id": "quota-1"}
    assert stack.resources["Group"].handle.id == "hush"


def test_another_function_is_refused(account: Any, function: Function) -> None:
    account.deploy(quota())
    with pytest.raises(DeployError, match="Modifying service token is not allowed"):
        account.deploy(quota(ServiceToken=f"{TOKEN}-other"))


def test_a_resource_without_a_function_is_refused(account: Any) -> None:
    resource = {"Type": "AWS::CloudFormation::CustomResource", "Properties": {"Count": 1}}
    with pytest.raises(DeployError, match=r"Resources\.Quota\.Properties: ServiceToken is missing"):
        account.deploy({"Quota": resource})
