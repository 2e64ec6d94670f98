"""Whether an alarm can be made as it is asked for: AWS's rules, and what this cloud does not have, by name."""

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.cloudwatch import rules, samples
from penstock.local.services.cloudwatch.alarm import Alarm
from penstock.local.services.cloudwatch.judgement import COMPARISONS
from penstock.local.services.cloudwatch.queries import QueryError

_ACTIONS = ("OKActions", "AlarmActions", "InsufficientDataActions")
_UNSERVED = (
    *("ThresholdMetricId", "EvaluationWindow", "WarmUpConfiguration", "EvaluationCriteria", "EvaluationInterval"),
    *("ActionConfiguration", "ActionsSuppressor", "ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod"),
)
_SINGLE = ("MetricName", "Namespace", "Period", "Statistic", "ExtendedStatistic", "Dimensions", "Unit")
_MISSING = ("breaching", "notBreaching", "ignore", "missing")
_FINE_PERIODS = (10, 20, 30)
_MINUTE, _HOUR, _DAY, _WEEK = 60, 3_600, 86_400, 604_800
_SERVED_ACTIONS = ("sns", "lambda")
_ARN_PARTS = 6


def invalid(message: str) -> AwsError:
    """Return the error with which CloudWatch refuses a request."""
    return AwsError("ValidationError", message)


def check_common(request: JsonObject) -> None:
    """Refuse what neither kind of alarm can have here.

    Raises:
        AwsError: ValidationError.
    """
    if asked := [name for name in _UNSERVED if name in request]:
        raise invalid(f"The local cloud does not serve {', '.join(asked)} of alarms.")
    for action in (action for key in _ACTIONS for action in request.get(key, [])):
        parts = action.split(":", _ARN_PARTS - 1)
        if len(parts) < _ARN_PARTS or parts[0] != "arn":
            raise invalid(f"Invalid arn syntax: {action}")
        if parts[2] not in _SERVED_ACTIONS:
            raise invalid(f"The local cloud carries out actions of SNS and Lambda only, and not {action}.")


def check_metric_alarm(alarm: Alarm) -> None:
    """Refuse a metric alarm that CloudWatch would refuse.

    Raises:
        AwsError: ValidationError.
    """
    settings = alarm.settings
    if settings["ComparisonOperator"] not in COMPARISONS:
        raise invalid(f"The local cloud has no anomaly detection, which {settings['ComparisonOperator']} is for.")
    if "Threshold" not in settings:
        raise invalid("The parameter Threshold is required.")
    if settings.get("TreatMissingData", "missing") not in _MISSING:
        raise invalid(f"Option {settings['TreatMissingData']} is not supported. Must be one of: {', '.join(_MISSING)}")
    if settings.get("EvaluateLowSampleCountPercentile", "evaluate") != "evaluate":
        raise invalid("The local cloud evaluates percentiles of few samples too: EvaluateLowSampleCountPercentile.")
    _check_metric(settings)
    try:
        _check_queries(alarm)
    except QueryError as error:
        raise invalid(str(error)) from error
    _check_periods(settings, alarm.period)


def check_rule(settings: JsonObject) -> rules.Rule:
    """Read the rule of a composite alarm.

    Raises:
        AwsError: ValidationError.
    """
    try:
        return rules.parse(settings["AlarmRule"])
    except rules.RuleError as error:
        raise invalid(f"Error in AlarmRule: {error}.") from error


def _check_metric(settings: JsonObject) -> None:
    if "Metrics" in settings:
        if both := [name for name in _SINGLE if settings.get(name)]:
            raise invalid(f"Metrics cannot be given together with {', '.join(both)}.")
        return
    for name in ("MetricName", "Namespace", "Period"):
        if name not in settings:
            raise invalid(f"The parameter {name} is required, or Metrics in its place.")
    if ("Statistic" in settings) == ("ExtendedStatistic" in settings):
        raise invalid("One of Statistic and ExtendedStatistic has to be given.")
    if "ExtendedStatistic" in settings and (
        not samples.known(settings["ExtendedStatistic"]) or settings["ExtendedStatistic"] in samples.SIMPLE
    ):
        raise invalid(f"The value {settings['ExtendedStatistic']} for parameter ExtendedStatistic is not supported.")


def _check_queries(alarm: Alarm) -> None:
    queries = alarm.queries
    if len(queries.returned) != 1:
        raise invalid("Exactly one element of the metrics list should return data.")
    if len(queries.periods) != 1:
        raise invalid("All metrics of an alarm have to have the same Period in the local cloud.")


def _check_periods(settings: JsonObject, period: int) -> None:
    evaluated = settings["EvaluationPeriods"]
    if settings.get("DatapointsToAlarm", 1) > evaluated:
        raise invalid("DatapointsToAlarm cannot be greater than EvaluationPeriods.")
    if period not in _FINE_PERIODS and period % _MINUTE:
        raise invalid(f"Period must be 10, 20, 30 or a multiple of 60; found {period}.")
    longest = _WEEK if period >= _HOUR else _DAY
    if period * evaluated > longest:
        raise invalid(f"Metrics cannot be checked across more than {longest} seconds (EvaluationPeriods * Period).")
