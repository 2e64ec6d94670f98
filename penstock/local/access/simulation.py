"""IAM's simulator of policies, which moto lacks: the SageMaker SDK asks it before it trains.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from penstock.local.access.access import Access
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.requests import Call
from penstock.local.service import Caller, JsonObject


class Simulation(Overlay):
    """Answers what a role may do by the policies that decide here, and notes nothing of it."""

    def __init__(self, access: Access) -> None:
        self._access = access

    def answer(self, call: Call, caller: Caller) -> JsonObject | None:  # noqa: ARG002
        """Return the decision on each action and resource.

        Raises:
            AwsError: NoSuchEntity, there is no such role.
        """
        if call.operation.name != "SimulatePrincipalPolicy":
            return None
        asked = call.parameters
        context = {one["ContextKeyName"]: one["ContextKeyValues"] for one in asked.get("ContextEntries", [])}
        results = [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": self._access.simulate(asked["PolicySourceArn"], action, resource, context),
                "MatchedStatements": [],
                "MissingContextValues": [],
            }
            for action in asked["ActionNames"]
            for resource in asked.get("ResourceArns") or ["*"]
        ]
        return {"EvaluationResults": results, "IsTruncated": False}
