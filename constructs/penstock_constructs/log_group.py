"""Log groups, made before anything is logged: what a service makes by itself keeps everything for ever."""

import aws_cdk as cdk
from constructs import Construct

from penstock_constructs.resource import resource


def log_group(scope: Construct, construct_id: str, *, name: str) -> cdk.CfnResource:
    """Add a log group to `scope` that keeps what is logged for a year."""
    return resource(scope, construct_id, "AWS::Logs::LogGroup", {"LogGroupName": name, "RetentionInDays": 365})
