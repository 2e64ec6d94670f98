"""What happens when an execution does not succeed."""

from constructs import Construct

from penstock_constructs.hook import Hook
from penstock_constructs.resource import arn_of, resource
from penstock_constructs.workflow import Workflow

# EventBridge would try for a day; a report that is hours late is one that nobody waits for, and alarms tell as well.
_RETRY = {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 20}


class FailureRule(Construct):
    """An EventBridge rule that runs `hook` for every execution that failed, timed out or was aborted.

    No Catch of the state machine sees the last two; and without a catch-all, a redrive continues where it failed.
    """

    def __init__(self, scope: Construct, construct_id: str, *, workflow: Workflow, hook: Hook) -> None:
        super().__init__(scope, construct_id)
        rule = resource(
            self,
            "Resource",
            "AWS::Events::Rule",
            {
                "Description": f"Reports executions of {workflow.name} that did not succeed",
                "EventPattern": {
                    "source": ["aws.states"],
                    "detail-type": ["Step Functions Execution Status Change"],
                    "detail": {"stateMachineArn": [workflow.arn], "status": ["FAILED", "TIMED_OUT", "ABORTED"]},
                },
                "Targets": [{"Id": "Hook", "Arn": hook.arn, "RetryPolicy": _RETRY}],
            },
        )
        resource(
            self,
            "Permission",
            "AWS::Lambda::Permission",
            {
                "Action": "lambda:InvokeFunction",
                "FunctionName": hook.arn,
                "Principal": "events.amazonaws.com",
                "SourceArn": arn_of(rule),
            },
        )
