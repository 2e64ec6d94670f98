"""What the pipelines of an environment share."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from penstock_constructs.bucket import Bucket, LogBucket
from penstock_constructs.key import Key
from penstock_constructs.repository import Repository
from penstock_constructs.table import Deployments
from penstock_constructs.topic import Topic
from stacks.synthesizer import synthesizer

_EXPIRE_OLD_VERSIONS = {
    "Id": "ExpireOldVersions",
    "Status": "Enabled",
    "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
}
# Prepare tags what it pins with this, and nothing else has it: no rule here touches a model artefact, ever, but what
# Tidy has deleted. 90 days are enough to redrive a failed run (14) and to look into a model's data; then the copies go,
# for cost and privacy.
_EXPIRE_PINNED_DATA = {
    "Id": "ExpirePinnedData",
    "Status": "Enabled",
    "TagFilters": [{"Key": "penstock", "Value": "pinned-data"}],
    "ExpirationInDays": 90,
    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
}


class PlatformStack(cdk.Stack):
    """What is there once for all pipelines.

    A key, buckets for data and artefacts, a repository for each container, a topic that people subscribe to, and a
    table of who deploys to which endpoint.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        environment: str,
        containers: Sequence[str],
        emails: Sequence[str],
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=f"{environment}-platform",
            synthesizer=synthesizer(),
            tags={"penstock:environment": environment},
        )
        self.key = Key(self, "Key", description=f"Encrypts what the pipelines of {environment} keep")
        logs = LogBucket(self, "AccessLogs")
        self.data = Bucket(self, "Data", key=self.key, logs=logs, lifecycle=[_EXPIRE_OLD_VERSIONS])
        self.artefacts = Bucket(
            self, "Artefacts", key=self.key, logs=logs, lifecycle=[_EXPIRE_OLD_VERSIONS, _EXPIRE_PINNED_DATA]
        )
        self.topic = Topic(self, "Topic", display_name=f"Penstock {environment}", key=self.key, emails=emails)
        self.deployments = Deployments(self, "Deployments", name=f"{environment}-deployments", key=self.key)
        for container in containers:
            Repository(self, f"Repository-{container}", name=f"{environment}-{container}", key=self.key)
        cdk.CfnOutput(self, "DataBucketName", value=self.data.name)
        cdk.CfnOutput(self, "ArtefactBucketName", value=self.artefacts.name)
        cdk.CfnOutput(self, "TopicArn", value=self.topic.arn)
        cdk.CfnOutput(self, "DeploymentsTableName", value=self.deployments.name)
