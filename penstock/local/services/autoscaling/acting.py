"""The service-linked role of Application Auto Scaling for endpoints: it makes and uses it, as AWS does.

https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html
"""

import json
from typing import Any

from penstock.local.clients import Clients

PRINCIPAL = "sagemaker.application-autoscaling.amazonaws.com"
_NAME = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
_POLICY = "AWSApplicationAutoscalingSageMakerEndpointPolicy"
_PATH = f"/aws-service-role/{PRINCIPAL}/"
_TRUST = {"Effect": "Allow", "Principal": {"Service": PRINCIPAL}, "Action": "sts:AssumeRole"}
_ALLOWED = {
    "Effect": "Allow",
    "Action": [
        "sagemaker:DescribeEndpoint",
        "sagemaker:UpdateEndpointWeightsAndCapacities",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DeleteAlarms",
        "cloudwatch:GetMetricData",
    ],
    "Resource": "*",
}


class Acting:
    """Clients that act as the role."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self.role = clients.global_arn("iam", f"role{_PATH}{_NAME}")

    def make_role(self) -> None:
        """Make the role, if there is none yet."""
        iam = self._clients.operator("iam")
        try:
            iam.get_role(RoleName=_NAME)
        except iam.exceptions.NoSuchEntityException:
            iam.create_role(RoleName=_NAME, Path=_PATH, AssumeRolePolicyDocument=_document(_TRUST))
            iam.put_role_policy(RoleName=_NAME, PolicyName=_POLICY, PolicyDocument=_document(_ALLOWED))

    def client(self, service: str) -> Any:
        """Return a client of a service, with which Application Auto Scaling acts as the role."""
        return self._clients.role(self.role, service, session="ApplicationAutoScaling", by=PRINCIPAL)


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
