"""CloudFormation resources, their properties as AWS's own reference has them.

The CDK's classes (`s3.CfnBucket` and the rest) would say the same in more words, and importing them takes longer than
all else that a synth does. What they check of a property, the CDK's validation of the template and cfn-lint check too.
cdk-nag goes by those classes: it sees them in the templates, read back with CfnInclude.
"""

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from constructs import Construct


def resource(scope: Construct, construct_id: str, type_: str, properties: Mapping[str, Any]) -> cdk.CfnResource:
    """Add a resource to `scope`; a property that is None is left out."""
    return cdk.CfnResource(scope, construct_id, type=type_, properties=properties)


def lasting(scope: Construct, construct_id: str, type_: str, properties: Mapping[str, Any]) -> cdk.CfnResource:
    """Add a resource that outlives its stack, unless the deployment that first makes it fails."""
    made = resource(scope, construct_id, type_, properties)
    made.apply_removal_policy(cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    return made


def arn_of(made: cdk.CfnResource) -> str:
    """Return the `Arn` attribute of a resource."""
    return cdk.Token.as_string(made.get_att("Arn"))
