"""What the operations of CloudWatch Logs take.

A policy is about a log group by its ARN with `:*` at the end, but for tags.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
"""

from collections.abc import Iterator

from penstock.local.access.requirement import Requirement
from penstock.local.access.requirements.rules import Asked, Rules, also, given, on, table
from penstock.local.service import AwsError

_GROUP = "log-group:{logGroupName}:log-stream:"


def _filter(asked: Asked) -> Iterator[Requirement]:
    identifier, name = asked["logGroupIdentifier"], asked["logGroupName"]
    if identifier and name:
        message = "LogGroup name and LogGroup ARN are mutually exclusive parameters."
        raise AwsError("InvalidParameterException", message)
    group = identifier or name
    if not group:
        message = "Exactly one of logGroupName and logGroupIdentifier must be given."
        raise AwsError("InvalidParameterException", message)
    arn = group.removesuffix(":*") if group.startswith("arn:") else asked.arn("logs", f"log-group:{group}")
    yield Requirement(f"logs:{asked.operation}", f"{arn}:log-stream:{asked['logStreamName'] or ''}")


RULES: Rules = {
    **table(
        "logs",
        {
            _GROUP: (
                "AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteMetricFilter DeleteRetentionPolicy"
                " DeleteSubscriptionFilter DescribeSubscriptionFilters DisassociateKmsKey"
                " PutMetricFilter PutRetentionPolicy PutSubscriptionFilter StartQuery ListTagsLogGroup TagLogGroup"
                " UntagLogGroup"
            ),
            "log-group:{logGroupName}:log-stream:{logStreamName}": "CreateLogStream DeleteLogStream PutLogEvents",
            "{resourceArn}": "ListTagsForResource TagResource UntagResource",
            "*": (
                "CancelExportTask DeleteResourcePolicy DescribeDestinations DescribeExportTasks DescribeLogGroups"
                " DescribeMetricFilters DescribeQueries DescribeResourcePolicies GetQueryResults"
                " PutResourcePolicy StopQuery TestMetricFilter DescribeDeliveries DescribeDeliveryDestinations"
                " DescribeDeliverySources"
            ),
        },
    ),
    **dict.fromkeys(("DescribeLogStreams", "FilterLogEvents", "GetLogEvents", "GetLogGroupFields"), _filter),
}
also(RULES, "CreateLogGroup", given("tags", on("logs:TagResource", "log-group:{logGroupName}")))
