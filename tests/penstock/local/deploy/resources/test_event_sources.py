import io
import zipfile
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def function(account: Any) -> None:
    account.client("iam").create_role(RoleName="hook", AssumeRolePolicyDocument="{}")
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("hooks.py", "")
    account.client("lambda").create_function(
        FunctionName="dev-hook",
        Role="arn:aws:iam::123456789012:role/hook",
        Runtime="python3.13",
        Handler="hooks.handler",
        Code={"ZipFile": body.getvalue()},
    )


def resources(**properties: Any) -> dict[str, Any]:
    given = {"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}, "FunctionName": "dev-hook"} | properties
    mapping = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": given}
    return {"Queue": {"Type": "AWS::SQS::Queue"}, "Mapping": mapping}


def described(account: Any) -> dict[str, Any]:
    [found] = account.client("lambda").list_event_source_mappings(FunctionName="dev-hook")["EventSourceMappings"]
    return dict(found)


def test_every_property_of_a_mapping_is_asked_for(account: Any) -> None:
    full = {
        "BatchSize": 5,
        "Enabled": True,
        "FilterCriteria": {"Filters": [{"Pattern": "{}"}]},
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "MaximumBatchingWindowInSeconds": 30,
        "ScalingConfig": {"MaximumConcurrency": 2},
    }
    asked: list[dict[str, Any]] = []
    events, event = account.client("lambda").meta.events, "provide-client-params.lambda.CreateEventSourceMapping"
    events.register(event, lambda params, **_: asked.append(params), "asked")
    stack = account.deploy(resources(**full), Outputs={"Id": {"Value": {"Fn::GetAtt": ["Mapping", "Id"]}}})
    events.unregister(event, unique_id="asked")
    queue = stack.resources["Queue"].handle.physical.attributes["Arn"]
    assert asked == [full | {"EventSourceArn": queue, "FunctionName": "dev-hook"}]
    assert stack.outputs["Id"] == described(account)["UUID"]


def test_a_mapping_is_changed_in_place_and_removed(account: Any) -> None:
    account.deploy(resources(BatchSize=5))
    account.deploy(resources(Enabled=False))
    assert account.mutations == ["lambda:UpdateEventSourceMapping"]
    found = described(account)
    assert (found["BatchSize"], found["State"]) == (10, "Disabled")
    account.deployer.destroy("dev-app")
    assert account.client("lambda").list_event_source_mappings()["EventSourceMappings"] == []
