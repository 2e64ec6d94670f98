"""What Step Functions' operations take."""

from collections.abc import Iterator

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, Rules, also, given, on, passing, table

_MACHINE = "{stateMachineArn}"
RULES: Rules = table(
    "states",
    {
        "stateMachine:{name}": "CreateStateMachine",
        _MACHINE: (
            "DeleteStateMachine DescribeStateMachine ListStateMachineAliases ListStateMachineVersions"
            " PublishStateMachineVersion StartExecution StartSyncExecution UpdateStateMachine"
        ),
        "{executionArn}": (
            "DescribeExecution DescribeStateMachineForExecution GetExecutionHistory ListMapRuns RedriveExecution"
            " StopExecution"
        ),
        "{mapRunArn}": "DescribeMapRun UpdateMapRun",
        "{activityArn}": "DeleteActivity DescribeActivity GetActivityTask",
        "activity:{name}": "CreateActivity",
        "{resourceArn}": "ListTagsForResource TagResource UntagResource",
        "*": (
            "ListActivities ListStateMachines SendTaskFailure SendTaskHeartbeat SendTaskSuccess"
            " ValidateStateMachineDefinition TestState"
        ),
    },
)


def _list_executions(asked: Asked) -> Iterator[Requirement]:
    yield Requirement("states:ListExecutions", asked["stateMachineArn"] or asked["mapRunArn"] or "*")


RULES["ListExecutions"] = _list_executions
also(RULES, "CreateStateMachine UpdateStateMachine TestState", passing("roleArn", "states.amazonaws.com"))
also(RULES, "CreateStateMachine", given("tags", on("states:TagResource", "stateMachine:{name}")))
