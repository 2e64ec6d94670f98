"""A container's images."""

import json

from constructs import Construct

from penstock_constructs.key import Key
from penstock_constructs.resource import lasting


class Repository(Construct):
    """An ECR repository whose images are encrypted, scanned when pushed, and keep their tags; it outlives its stack.

    Only untagged images expire: ECR cannot know which of the others an endpoint runs.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, key: Key) -> None:
        super().__init__(scope, construct_id)
        untagged = {
            "rulePriority": 1,
            "description": "Untagged images",
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 14,
            },
            "action": {"type": "expire"},
        }
        lasting(
            self,
            "Resource",
            "AWS::ECR::Repository",
            {
                "RepositoryName": name,
                "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": key.arn},
                "ImageScanningConfiguration": {"ScanOnPush": True},
                "ImageTagMutability": "IMMUTABLE",
                "LifecyclePolicy": {"LifecyclePolicyText": json.dumps({"rules": [untagged]})},
            },
        )
