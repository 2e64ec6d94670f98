"""What the metric definitions of a training job find in its log: FinalMetricDataList, and metrics in CloudWatch."""

import logging
import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.jobs.training_job import TrainingJob

_LOGGER = logging.getLogger(__name__)


def check_definitions(definitions: Iterable[Mapping[str, str]]) -> None:
    """Refuse a regular expression that cannot be compiled.

    Raises:
        AwsError: ValidationException.
    """
    for definition in definitions:
        try:
            re.compile(definition["Regex"])
        except re.error as error:
            raise AwsError(
                "ValidationException", f"Invalid regex {definition['Regex']!r} of metric {definition['Name']}: {error}"
            ) from error


def final_metrics(definitions: Iterable[Mapping[str, str]], log: str, time: datetime) -> list[JsonObject]:
    """Return the last value of each metric that the log has; what is no finite number is no value."""
    last = [(definition["Name"], values(definition["Regex"], log)[-1:]) for definition in definitions]
    return [{"MetricName": name, "Value": value, "Timestamp": time} for name, found in last for value in found]


def values(regex: str, log: str) -> list[float]:
    """Return every value of a metric that the log has, in the order of its lines."""
    return [value for match in re.finditer(regex, log) if (value := _number(match)) is not None]


def put_metrics(cloudwatch: Any, job: TrainingJob, measured: Iterable[JsonObject]) -> None:
    """Put metrics into CloudWatch, where the job's role may: without that it has none, and does not fail.

    https://docs.aws.amazon.com/sagemaker/latest/dg/training-metrics.html
    """
    dimensions = [{"Name": "TrainingJobName", "Value": job.name}]
    data = [metric | {"Dimensions": dimensions} for metric in measured]
    try:
        cloudwatch.put_metric_data(Namespace=job.kind.log_group, MetricData=data)
    except (ClientError, BotoCoreError) as error:
        _LOGGER.warning("%s has no metrics in CloudWatch: %s", job.name, error)


def _number(match: "re.Match[str]") -> float | None:
    try:
        value = float(match[1] if match.re.groups else match[0])
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None
