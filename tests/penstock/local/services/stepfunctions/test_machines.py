from typing import Any

import pytest
from botocore.exceptions import ClientError

SUCCEED = {"Done": {"Type": "Succeed"}}
WAIT = {"Wait": {"Type": "Wait", "Seconds": 600, "End": True}}


def test_a_machine_is_described(sfn: Any) -> None:
    definition = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/states/described"
    sfn.cloud.clients.operator("logs").create_log_group(logGroupName=group.rpartition(":")[2])
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": f"{group}:*"}}]
    logging = {"level": "ALL", "includeExecutionData": True, "destinations": destinations}
    created = sfn.client.create_state_machine(
        name="described",
        definition=definition,
        roleArn=sfn.role,
        loggingConfiguration=logging,
        tracingConfiguration={"enabled": True},
    )
    machine = sfn.client.describe_state_machine(stateMachineArn=created["stateMachineArn"])
    assert (machine["name"], machine["status"], machine["type"]) == ("described", "ACTIVE", "STANDARD")
    assert (machine["definition"], machine["roleArn"]) == (definition, sfn.role)
    assert (machine["loggingConfiguration"], machine["tracingConfiguration"]) == (logging, {"enabled": True})


def test_the_same_machine_can_be_created_twice(sfn: Any) -> None:
    request = {"name": "m", "definition": '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}', "roleArn": sfn.role}
    first, second = (sfn.client.create_state_machine(**request) for _ in range(2))
    assert (first["stateMachineArn"], first["creationDate"]) == (second["stateMachineArn"], second["creationDate"])


def test_another_machine_of_the_same_name_exists_already(sfn: Any) -> None:
    definition = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'
    sfn.client.create_state_machine(name="other", definition=definition, roleArn=sfn.role)
    with pytest.raises(sfn.client.exceptions.StateMachineAlreadyExists):
        sfn.client.create_state_machine(name="other", definition=definition.replace('"A"', '"B"'), roleArn=sfn.role)


def test_an_express_machine_is_refused(sfn: Any) -> None:
    with pytest.raises(sfn.client.exceptions.StateMachineTypeNotSupported):
        sfn.client.create_state_machine(name="m", definition="{}", roleArn=sfn.role, type="EXPRESS")


def test_an_execution_goes_on_with_the_definition_that_it_started_with(sfn: Any) -> None:
    machine = sfn.create(WAIT)
    arn = sfn.client.start_execution(stateMachineArn=machine)["executionArn"]
    updated = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}'
    sfn.client.update_state_machine(stateMachineArn=machine, definition=updated)
    assert "Wait" in sfn.client.describe_state_machine_for_execution(executionArn=arn)["definition"]
    assert sfn.client.describe_state_machine(stateMachineArn=machine)["definition"] == updated
    assert sfn.wait(sfn.client.start_execution(stateMachineArn=machine)["executionArn"])["status"] == "SUCCEEDED"


def test_an_update_keeps_what_it_does_not_name(sfn: Any) -> None:
    machine = sfn.create(SUCCEED)
    before = sfn.client.describe_state_machine(stateMachineArn=machine)
    sfn.client.update_state_machine(stateMachineArn=machine, roleArn=f"{sfn.role}-2")
    after = sfn.client.describe_state_machine(stateMachineArn=machine)
    assert (after["definition"], after["roleArn"]) == (before["definition"], f"{sfn.role}-2")
    assert after["revisionId"] != before["revisionId"]


def test_deleting_a_machine_ends_its_executions(sfn: Any) -> None:
    arn = sfn.start(WAIT)
    machine = sfn.client.describe_execution(executionArn=arn)["stateMachineArn"]
    sfn.client.delete_state_machine(stateMachineArn=machine)
    assert sfn.published.statuses() == ["RUNNING", "ABORTED"]
    with pytest.raises(sfn.client.exceptions.StateMachineDoesNotExist):
        sfn.client.describe_state_machine(stateMachineArn=machine)


def test_machines_are_listed(sfn: Any) -> None:
    arns = [sfn.create(SUCCEED) for _ in range(3)]
    pages = [*sfn.client.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 2})]
    assert [item["stateMachineArn"] for page in pages for item in page["stateMachines"]][-3:] == arns
    assert {len(page["stateMachines"]) for page in pages[:-1]} == {2}


def test_machines_have_tags(sfn: Any) -> None:
    machine = sfn.create(SUCCEED)
    sfn.client.tag_resource(resourceArn=machine, tags=[{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
    sfn.client.untag_resource(resourceArn=machine, tagKeys=["a"])
    assert sfn.client.list_tags_for_resource(resourceArn=machine)["tags"] == [{"key": "b", "value": "2"}]


def test_an_operation_that_is_not_served_says_so(sfn: Any) -> None:
    with pytest.raises(ClientError, match="does not serve stepfunctions:ListActivities"):
        sfn.client.list_activities()
