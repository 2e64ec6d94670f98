"""The alarms that roll an update back, as CloudWatch has them now; they are read as the execution role.

https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.call_errors import passing
from penstock.local.service import AwsError

_KINDS = ("MetricAlarm", "CompositeAlarm")


class RollbackAlarms:
    """Alarms by name."""

    def __init__(self, cloudwatch: Callable[[], Any], names: tuple[str, ...]) -> None:
        """Ask nothing yet; `cloudwatch` gives a client."""
        self._cloudwatch = cloudwatch
        self._names = names

    def check(self) -> None:
        """Refuse names that no alarm has.

        Raises:
            AwsError: ValidationException, an alarm is not there, or the role may not look.
        """
        try:
            found = self._states()
        except ClientError as error:
            raise AwsError(
                "ValidationException",
                "The auto-rollback alarms could not be read. Please ensure that the execution role has permission to"
                f" perform cloudwatch:DescribeAlarms: {error.response['Error']['Message']}",
            ) from error
        absent = [name for name in self._names if name not in found]
        if absent:
            raise AwsError(
                "ValidationException", f"The following CloudWatch alarms could not be found: [{', '.join(absent)}]"
            )

    def reason(self) -> str:
        """Return why an update is to be rolled back now, or nothing."""
        try:
            ringing = sorted(name for name, state in self._states().items() if state == "ALARM")
        except (ClientError, BotoCoreError) as error:
            return "" if passing(error) else f"The auto-rollback alarms could not be read: {error}"
        if not ringing:
            return ""
        return f"The deployment was rolled back as the following CloudWatch alarms are in ALARM: [{', '.join(ringing)}]"

    def _states(self) -> Mapping[str, str]:
        if not self._names:
            return {}
        found = self._cloudwatch().describe_alarms(AlarmNames=self._names, AlarmTypes=_KINDS)
        return {alarm["AlarmName"]: alarm["StateValue"] for kind in _KINDS for alarm in found.get(f"{kind}s", [])}
