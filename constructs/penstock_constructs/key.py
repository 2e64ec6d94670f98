"""The key that everything at rest is encrypted with."""

from constructs import Construct

from penstock_constructs.policy import Arn, Statement, allow, allow_service, document
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
        use = ["kms:Decrypt", "kms:GenerateDataKey*"]
        services = [
            allow_service("Alarms", "cloudwatch", use, "*"),
            # With no condition on the source: EventBridge sends KMS none, so a rule could not publish. The topic's own
            # policy has it. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
            allow("Events", use, "*") | {"Principal": {"Service": "events.amazonaws.com"}},
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

    def allow_use(self, sid: str, *, via: str) -> Statement:
        """Return a statement that allows what encrypted objects or messages take, through the service that has them."""
        return allow(sid, ["kms:Decrypt", "kms:GenerateDataKey"], self.arn, {"StringEquals": _through(via)})

    def allow_read(self, sid: str, *, via: str) -> Statement:
        """Return a statement that allows what it takes to read encrypted objects, through the service that has them."""
        return allow(sid, "kms:Decrypt", self.arn, {"StringEquals": _through(via)})

    def allow_write(self, sid: str, *, via: str) -> Statement:
        """Return a statement that allows what writing small objects takes, through the service that encrypts them."""
        return allow(sid, "kms:GenerateDataKey", self.arn, {"StringEquals": _through(via)})

    def allow_training(self, sid: str) -> Statement:
        """Return a statement that allows what SageMaker does with the key for the data and the model of a job.

        It asks for kms:Encrypt too, and does not say that it calls through S3 only:
        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html
        """
        return allow(sid, ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], self.arn)

    def allow_volumes(self, sid: str) -> Statement:
        """Return a statement that lets SageMaker hand the key on to the instances whose disks it encrypts."""
        by_sagemaker = {
            "Bool": {"kms:GrantIsForAWSResource": "true"},
            "StringEquals": _through("sagemaker"),
        }
        return allow(sid, "kms:CreateGrant", self.arn, by_sagemaker)


def _through(service: str) -> dict[str, Arn]:
    return {"kms:ViaService": {"Fn::Sub": f"{service}.${{AWS::Region}}.${{AWS::URLSuffix}}"}}
