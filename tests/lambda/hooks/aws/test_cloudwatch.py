from collections.abc import Callable

from botocore.stub import Stubber

from hooks.aws import cloudwatch


def test_an_alarm_that_is_on_says_what_it_is_about_and_why(stub: Callable[[str], Stubber]) -> None:
    alarm = {"AlarmName": "errors", "AlarmDescription": "More than 1 % failed.", "StateReason": "8 > 1"}
    asked = {"AlarmNames": ["errors", "latency"], "StateValue": "ALARM"}
    stub("cloudwatch").add_response("describe_alarms", {"MetricAlarms": [alarm]}, asked)
    assert cloudwatch.alarms_on(["errors", "latency"]) == ["errors: More than 1 % failed. 8 > 1"]
