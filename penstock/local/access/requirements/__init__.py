"""What each operation of AWS takes: actions on resources, and the condition keys that come with them."""

from collections.abc import Mapping, Sequence

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements import (
    events,
    functions,
    identity,
    kms,
    logs,
    messaging,
    s3,
    sagemaker,
    scaling,
    stepfunctions,
    storing,
    watching,
)
from penstock.local.access.requirements.rules import Asked, Rules
from penstock.local.service import AwsError

RULES: Mapping[str, Rules] = {
    "application-autoscaling": scaling.RULES,
    "cloudwatch": watching.CLOUDWATCH,
    "dynamodb": storing.DYNAMODB,
    "ecr": storing.ECR,
    "events": events.RULES,
    "iam": identity.IAM,
    "kms": kms.RULES,
    "lambda": functions.RULES,
    "logs": logs.RULES,
    "s3": s3.RULES,
    "sns": messaging.SNS,
    "sqs": messaging.SQS,
    "ssm": storing.SSM,
    "stepfunctions": stepfunctions.RULES,
    "sts": identity.STS,
    "xray": watching.XRAY,
}
# What these take follows from the operation's name and parameters.
_BY_RULE = {"sagemaker": sagemaker.requirements, "sagemaker-runtime": sagemaker.runtime}


def required(asked: Asked) -> Sequence[Requirement]:
    """Return what a call takes.

    Raises:
        AwsError: the service is not served, or the operation is in no table: nobody may call it then.
    """
    if asked.service not in RULES and asked.service not in _BY_RULE:
        raise AwsError("UnknownOperationException", f"The local cloud does not serve {asked.service}.", 404)
    rule = _BY_RULE.get(asked.service) or RULES[asked.service].get(asked.operation)
    if rule is None:
        raise AwsError(
            "AccessDeniedException",
            f"The local cloud does not know which permissions {asked.service}:{asked.operation} takes, so it is denied"
            " to everybody. Whoever works on Penstock says in penstock/local/access/requirements/ which actions on"
            " which resources they are.",
            403,
        )
    return tuple(rule(asked))
