"""Tables."""

from collections.abc import Sequence

from constructs import Construct

from penstock_constructs.key import Key
from penstock_constructs.policy import Statement, allow
from penstock_constructs.resource import arn_of, resource


class Deployments(Construct):
    """A DynamoDB table with one item for each endpoint: who deploys to it now, and what waits to be approved.

    The items say what goes on, and nothing is lost with them: the table goes with its stack.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, key: Key) -> None:
        super().__init__(scope, construct_id)
        table = resource(
            self,
            "Resource",
            "AWS::DynamoDB::Table",
            {
                "TableName": name,
                "AttributeDefinitions": [{"AttributeName": "endpoint", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "endpoint", "KeyType": "HASH"}],
                "BillingMode": "PAY_PER_REQUEST",
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key.arn},
            },
        )
        self.name: str = table.ref
        self.arn = arn_of(table)

    def allow(self, sid: str, actions: Sequence[str], *, endpoint: str) -> Statement:
        """Return a statement that allows `actions` on the item of one endpoint."""
        item = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [endpoint]}}
        # For all of no keys holds: without this, a call that names none would pass.
        return allow(sid, actions, self.arn, item | {"Null": {"dynamodb:LeadingKeys": "false"}})
