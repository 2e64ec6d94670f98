"""The condition keys that a call in this cloud can have, and those that AWS would leave out of such a call as well.

A policy that asks about another key would be decided wrongly, and nobody would see it.
"""

_GLOBAL = (
    *("CalledVia", "CalledViaFirst", "CalledViaLast", "CurrentTime", "EpochTime", "PrincipalAccount", "PrincipalArn"),
    *("PrincipalIsAWSService", "PrincipalServiceName", "PrincipalType", "RequestedRegion", "ResourceAccount"),
    *("SecureTransport", "SourceAccount", "SourceArn", "SourceIp", "SourceOwner", "TagKeys", "TokenIssueTime"),
    *("userid", "UserAgent", "username", "ViaAWSService"),
    # No call here comes from a VPC or an EC2 instance, from an organisation, with MFA or through a federation.
    *("Ec2InstanceSourcePrivateIPv4", "Ec2InstanceSourceVpc", "SourceVpc", "SourceVpcArn", "SourceVpce", "VpcSourceIp"),
    *("PrincipalOrgID", "PrincipalOrgPaths", "ResourceOrgID", "ResourceOrgPaths", "SourceOrgID", "SourceOrgPaths"),
    *("FederatedProvider", "MultiFactorAuthAge", "MultiFactorAuthPresent", "referer", "SourceIdentity"),
)
_OF_SERVICES = {
    "application-autoscaling": "scalable-dimension service-namespace",
    "cloudwatch": "namespace",
    "dynamodb": "LeadingKeys",
    "events": "detail-type source TargetArn",
    "iam": "AssociatedResourceArn AWSServiceName PassedToService PermissionsBoundary PolicyARN",
    "kms": "CallerAccount EncryptionContextKeys GranteePrincipal GrantIsForAWSResource GrantOperations ViaService",
    "lambda": "FunctionArn Principal",
    "s3": (
        "delimiter max-keys object-lock-legal-hold object-lock-mode object-lock-retain-until-date prefix"
        " RequestObjectTagKeys ResourceAccount signatureversion TlsVersion VersionId x-amz-acl x-amz-copy-source"
        " x-amz-grant-full-control x-amz-grant-read x-amz-grant-read-acp x-amz-grant-write x-amz-grant-write-acp"
        " x-amz-metadata-directive x-amz-server-side-encryption x-amz-server-side-encryption-aws-kms-key-id"
        " x-amz-server-side-encryption-customer-algorithm x-amz-storage-class x-amz-website-redirect-location"
    ),
    "sagemaker": (
        "InstanceTypes InterContainerTrafficEncryption MaxRuntimeInSeconds ModelApprovalStatus NetworkIsolation"
        " OutputKmsKeyArn TaggingAction TargetModel VolumeKmsKeyArn VpcSecurityGroupIds VpcSubnets"
    ),
    "sns": "Endpoint Protocol",
    "sts": "ExternalId RoleSessionName",
}
_KEYS = frozenset(
    [
        *(f"aws:{name}".lower() for name in _GLOBAL),
        *(f"{service}:{name}".lower() for service, names in _OF_SERVICES.items() for name in names.split()),
    ]
)
# The services whose own key for the tags of a resource says the same as aws:ResourceTag.
WITH_RESOURCE_TAG = ("ecr", "iam", "sagemaker", "ssm")
_PREFIXES = (
    *("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/", "kms:encryptioncontext:"),
    *("s3:existingobjecttag/", "s3:requestobjecttag/"),
    *(f"{service}:resourcetag/" for service in WITH_RESOURCE_TAG),
)


def is_known(key: str) -> bool:
    """Can a call have this key, or is it right that none has it?"""
    return key.lower() in _KEYS or key.lower().startswith(_PREFIXES)
