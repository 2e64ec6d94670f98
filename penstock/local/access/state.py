"""What the resources of a call are encrypted with, and tagged with: part of what a call takes depends on it."""

from collections.abc import Mapping
from typing import Any

from penstock.local.access.sources import Sources
from penstock.local.access.tags import tags_of


class State:
    """The state of the account's resources, as far as decisions depend on it."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def object_key(self, bucket: str, key: str, version: str | None = None) -> str | None:
        """Return the ARN of the KMS key of an object, "" if it has none, or None if there is no such object."""
        found = self._bucket(bucket)
        if found is None:
            return None
        versions = found.keys.getlist(key, default=[])
        if version:
            versions = [one for one in versions if str(one.version_id) == version]
        newest = versions[-1] if versions else None
        if newest is None or type(newest).__name__ == "FakeDeleteMarker":
            return None
        return self.key(newest.kms_key_id) if newest.encryption == "aws:kms" else ""

    def bucket_key(self, bucket: str) -> tuple[str, bool]:
        """Return the ARN of the KMS key of new objects, or "", and whether it is used once for many of them."""
        found = self._bucket(bucket)
        rule = ((found.encryption or {}) if found is not None else {}).get("Rule", {})
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        if default.get("SSEAlgorithm") != "aws:kms":
            return "", False
        return self.key(default.get("KMSMasterKeyID")), str(rule.get("BucketKeyEnabled", "")).lower() == "true"

    def topic_key(self, arn: str) -> str:
        """Return the ARN of the KMS key of a topic, or ""."""
        topic = self._sources.backend("sns").topics.get(arn)
        return self.key(topic.kms_master_key_id) if topic is not None and topic.kms_master_key_id else ""

    def queue_key(self, name: str) -> str:
        """Return the ARN of the KMS key of a queue, or ""."""
        queue = self._sources.backend("sqs").queues.get(name)
        return self.key(queue.kms_master_key_id) if queue is not None and queue.kms_master_key_id else ""

    def key(self, named: str | None) -> str:
        """Return the ARN of a KMS key that is named by its ARN, its id or an alias; of AWS's own, ""."""
        if not named:
            return ""
        backend = self._sources.backend("kms")
        alias = named[named.index("alias/") :] if "alias/" in named else ""
        if alias.startswith("alias/aws/"):
            return ""
        identifier = backend.get_key_id_from_alias(alias) if alias else named
        name = (identifier or named).rpartition("/")[2]
        found = backend.keys.get(name)
        sources = self._sources
        return (
            str(found.arn)
            if found is not None
            else f"arn:{sources.partition}:kms:{sources.region}:{sources.account}:key/{name}"
        )

    def role(self, name: str) -> str:
        """Return the ARN of a role, whose path only IAM knows."""
        sources = self._sources
        arns = [str(role.arn) for role in sources.roles() if role.name == name]
        return arns[0] if arns else f"arn:{sources.partition}:iam::{sources.account}:role/{name}"

    def has_role(self, name: str) -> bool:
        """Tell whether there is a role of this name."""
        return any(role.name == name for role in self._sources.roles())

    def endpoint_config_key(self, name: str) -> str:
        """Return the KMS key of an endpoint configuration, or ""."""
        described = self._sources.ask("sagemaker", "DescribeEndpointConfig", EndpointConfigName=name)
        return self.key(described.get("KmsKeyId"))

    def endpoint_config_of(self, endpoint: str) -> str:
        """Return the name of an endpoint's configuration as ARNs have it, or "*" if there is no such endpoint."""
        described = self._sources.ask("sagemaker", "DescribeEndpoint", EndpointName=endpoint)
        return str(described.get("EndpointConfigName", "*")).lower()

    def scaled_variants(self, endpoint: str) -> set[str]:
        """Return the variants of an endpoint that are registered to be scaled."""
        asked = {"ServiceNamespace": "sagemaker"}
        found = self._sources.ask("application-autoscaling", "DescribeScalableTargets", **asked)
        resources = [target["ResourceId"].split("/") for target in found.get("ScalableTargets", [])]
        return {variant for _, name, _, variant in resources if name.lower() == endpoint.lower()}

    def variants_of(self, config: str) -> list[str]:
        """Return the production variants of an endpoint configuration."""
        described = self._sources.ask("sagemaker", "DescribeEndpointConfig", EndpointConfigName=config)
        return [variant["VariantName"] for variant in described.get("ProductionVariants", [])]

    def partition_key(self, table: str) -> str:
        """Return the name of a DynamoDB table's partition key, or "" if there is no such table."""
        found = self._sources.backend("dynamodb").tables.get(table.rpartition("/")[2])
        return str(found.hash_key_attr) if found is not None else ""

    def table_key(self, table: str) -> str:
        """Return the ARN of the customer's KMS key of a DynamoDB table, or ""."""
        found = self._sources.backend("dynamodb").tables.get(table.rpartition("/")[2])
        encryption = (found.sse_specification if found is not None else None) or {}
        key = self.key(encryption.get("KMSMasterKeyId")) if encryption.get("Enabled") else ""
        # moto names AWS's own key where the table names none; asked for that key's id, it would make one.
        own = [one for one in self._sources.backend("kms").keys.values() if "alias/aws/dynamodb" in one.aliases]
        return "" if key in {one.arn for one in own} else key

    def tags(self, arn: str) -> Mapping[str, str]:
        """Return the tags of a resource."""
        return tags_of(self._sources, arn)

    def _bucket(self, name: str) -> Any:
        return self._sources.backend("s3").buckets.get(name)
