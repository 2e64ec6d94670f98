"""After failure: reports an execution that failed, timed out or was aborted, and releases the lock that it had."""

import os
from typing import Any

from hooks import generations, reports
from hooks.aws import cloudwatch, dynamodb, logs, s3, sagemaker, sns, stepfunctions
from hooks.failures import Failure, read_failure
from hooks.rules import run_id

_TAIL_LINES = 12
_DID_NOT_HOLD = ("EndpointRolledBack", "SmokeTestFailed")


def handler(event: dict[str, Any], _context: object) -> None:
    """Publish and store the report of the execution that an EventBridge event is about.

    An execution that was redriven meanwhile has its lock again, and keeps it.
    """
    detail = event["detail"]
    execution = detail["executionArn"]
    if stepfunctions.status(execution) != "RUNNING":
        dynamodb.release_lock(os.environ["TABLE"], os.environ["NAME"], execution)
    failure = read_failure(detail, stepfunctions.latest_events(execution))
    if failure.error in _DID_NOT_HOLD:
        _withdraw(failure)
    subject, message = _report(failure)
    key = f"{os.environ['PIPELINE']}/runs/{run_id(execution)}/failure.txt"
    s3.write_text(os.environ["ARTEFACT_BUCKET"], key, message)
    sns.publish(os.environ["TOPIC_ARN"], subject, message)


def _withdraw(failure: Failure) -> None:
    """Reject the generation that the execution has registered: it is none to go back to, or to be kept for that."""
    package = sagemaker.newest_approved_package(os.environ["NAME"])
    if package and generations.read_package(package).run == run_id(failure.execution):
        sagemaker.reject_package(package["ModelPackageArn"], f"{failure.error} in execution {failure.execution}")


def _report(failure: Failure) -> tuple[str, str]:
    endpoint = os.environ["ENDPOINT"]  # "" if the pipeline has none
    service = reports.describe_service(endpoint, sagemaker.describe_endpoint(endpoint)) if endpoint else ""
    rolled_back = failure.error == "EndpointRolledBack"
    alarms = cloudwatch.alarms_on(os.environ["ALARMS"].split(",")) if rolled_back else []
    stream = logs.latest_stream(failure.log) if failure.log else None
    if failure.log is None or stream is None:
        return reports.write_report(failure, service=service, alarms=alarms)
    link = reports.log_link(failure.log, stream, region=os.environ["AWS_REGION"])
    tail = logs.tail(failure.log, stream, lines=_TAIL_LINES)
    return reports.write_report(failure, service=service, alarms=alarms, log=link, tail=tail)
