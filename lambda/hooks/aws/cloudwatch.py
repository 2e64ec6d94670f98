"""CloudWatch: the alarms that are on."""

from collections.abc import Sequence

from hooks.aws import clients


def alarms_on(names: Sequence[str]) -> list[str]:
    """Return those of the alarms that are on: what each is about, and why it is."""
    alarms = clients.client("cloudwatch").describe_alarms(AlarmNames=list(names), StateValue="ALARM")["MetricAlarms"]
    return [f"{alarm['AlarmName']}: {alarm['AlarmDescription']} {alarm['StateReason']}" for alarm in alarms]
