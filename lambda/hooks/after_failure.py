"""After failure: reports an execution that failed, timed out or was aborted: where, why, and what to do."""

import os
from typing import Any

from hooks import aws, reports


def handler(event: dict[str, Any], _context: object) -> None:
    """Publish the report of the execution that an EventBridge event is about."""
    detail, endpoint = event["detail"], os.environ["ENDPOINT"]
    failure = reports.read_failure(detail, aws.latest_events(detail["executionArn"]))
    served = reports.describe_service(endpoint, aws.describe_endpoint(endpoint))
    subject, message = reports.write_report(failure, served)
    aws.publish(os.environ["TOPIC_ARN"], subject, message)
