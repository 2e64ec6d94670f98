"""May a machine's role deliver its logs? AWS asks when the machine is made or changed."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from penstock.local.clients import Clients
from penstock.local.service import AwsError, JsonObject
from penstock.local.services.stepfunctions.role import PRINCIPAL
from penstock.local.services.stepfunctions.vended import group_of

_POLICY = "AWSLogDeliveryWrite20150319"
# The delivery itself is no resource of this cloud: the role must be allowed to manage it all the same.
_ASKED = ("CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries")


class LogDestination:
    """Lets the log service write to the log groups of machines, as their roles."""

    def __init__(self, clients: Clients, access: Any) -> None:
        self._clients = clients
        self._access = access

    def open(self, configuration: Mapping[str, Any], *, role_arn: str, machine_arn: str) -> None:
        """Prepare the log group of a loggingConfiguration.

        Raises:
            AwsError: InvalidLoggingConfiguration, or the role may not.
        """
        group = group_of(configuration)
        if group is None:
            if configuration.get("level", "OFF") != "OFF":
                raise _invalid("Must specify exactly one Log Destination.")
            return
        try:
            for action in _ASKED:
                self._access.require(role_arn, f"logs:{action}", "*", by=PRINCIPAL)
            client = self._clients.role(role_arn, "logs", session="logs", by=PRINCIPAL, source=machine_arn)
            found = client.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
            self._admit(client, group)
        except (AwsError, ClientError) as error:
            raise AwsError(
                "AccessDeniedException",
                f"The state machine IAM Role is not authorized to access the Log Destination ({_told(error)})",
            ) from error
        if group not in {one["logGroupName"] for one in found}:
            raise _invalid(f"Log Destination {group} does not exist.")

    def _admit(self, client: Any, group: str) -> None:
        """Add the log group to the resource policy that lets the log service write."""
        policies = {one["policyName"]: one for one in client.describe_resource_policies()["resourcePolicies"]}
        statements = json.loads(policies[_POLICY]["policyDocument"])["Statement"] if _POLICY in policies else []
        arn = self._clients.arn("logs", f"log-group:{group}:log-stream:*")
        statement: JsonObject = statements[0] if statements else _statement()
        statement["Resource"] = sorted({*statement["Resource"], arn})
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        client.put_resource_policy(policyName=_POLICY, policyDocument=document)


def _statement() -> JsonObject:
    return {
        "Sid": "AWSLogDeliveryWrite",
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": [],
    }


def _told(error: Exception) -> str:
    return error.message if isinstance(error, AwsError) else str(error)


def _invalid(what: str) -> AwsError:
    return AwsError("InvalidLoggingConfiguration", f"Invalid Logging Configuration: {what}")
