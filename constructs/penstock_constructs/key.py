"""The key that everything at rest is encrypted with."""

from constructs import Construct

from penstock_constructs.policy import Statement, allow, allow_service, document
from penstock_constructs.resource import arn_of, lasting


class Key(Construct):
    """A customer-managed KMS key that rotates every year; it outlives its stack.

    Its policy leaves the account's IAM policies to say who may use it (naming roles of other stacks here would be a
    cycle), and lets CloudWatch and EventBridge publish to topics that it encrypts.
    """

    def __init__(self, scope: Construct, construct_id: str, *, description: str) -> None:
        super().__init__(scope, construct_id)
        # In a key's policy "*" is this key.
        root = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
        services = [
            allow_service(sid, service, ["kms:Decrypt", "kms:GenerateDataKey*"], "*")
            for sid, service in (("Alarms", "cloudwatch"), ("Events", "events"))
        ]
        key = lasting(
            self,
            "Resource",
            "AWS::KMS::Key",
            {
                "Description": description,
                "EnableKeyRotation": True,
                "KeyPolicy": document([allow("DelegateToIam", "kms:*", "*") | {"Principal": root}, *services]),
            },
        )
        self.arn = arn_of(key)

    def allow_use(self, sid: str) -> Statement:
        """Return a statement that allows what reading and writing encrypted objects and messages takes."""
        return allow(sid, ["kms:Decrypt", "kms:GenerateDataKey"], self.arn)

    def allow_volumes(self, sid: str) -> Statement:
        """Return a statement that lets SageMaker hand the key on to the instances whose disks it encrypts."""
        by_sagemaker = {
            "Bool": {"kms:GrantIsForAWSResource": "true"},
            "StringEquals": {"kms:ViaService": {"Fn::Sub": "sagemaker.${AWS::Region}.${AWS::URLSuffix}"}},
        }
        return allow(sid, "kms:CreateGrant", self.arn, by_sagemaker)
