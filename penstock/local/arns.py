"""The names of resources: ARNs, in the part of AWS that a region belongs to."""


def partition(region: str) -> str:
    """Return the partition that a region is in: aws, aws-cn or aws-us-gov."""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rsplit("-", 2)[0], "aws")


def service_of(arn: str) -> str:
    """Return the service that an ARN names, or nothing if it is none."""
    parts = arn.split(":")
    return parts[2] if len(parts) > 5 and parts[0] == "arn" else ""  # noqa: PLR2004  the parts of an ARN
