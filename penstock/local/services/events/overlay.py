"""What moto lacks of EventBridge's API: it checks hardly anything, and delivers without asking who may."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from penstock.local import strict_json
from penstock.local.arns import service_of
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError, Caller, JsonObject
from penstock.local.services.events.events import Events, timestamp
from penstock.local.services.events.inputs import PathError, steps, unknown_variables
from penstock.local.services.events.patterns import Pattern, PatternError
from penstock.local.services.events.schedules import ScheduleError, schedule
from penstock.local.services.events.targets import SERVICES

_MOST_BYTES = 262_144
_TIME_BYTES = 14
_FORMS = ("Input", "InputPath", "InputTransformer")
_REQUIRED = ("Source", "DetailType", "Detail")
_TESTED = ("id", "account", "source", "time", "region", "resources", "detail-type")
_REFUSED = frozenset(["CreateArchive", "StartReplay", "CreateApiDestination", "CreateEndpoint"])


class EventBridge(Overlay):
    """PutEvents and TestEventPattern; checks of rules and targets, which moto then keeps."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._operations: dict[str, Callable[[JsonObject], JsonObject | None]] = {
            "PutEvents": self._put_events,
            "PutRule": _check_rule,
            "PutTargets": _check_targets,
            "TestEventPattern": _test_pattern,
        }

    def serves(self, operation: str) -> bool:
        """Tell apart what moto keeps and nothing here does."""
        return operation not in _REFUSED

    def answer(self, call: Call, caller: Caller) -> JsonObject | None:  # noqa: ARG002
        """Serve what is ours, and check what moto serves."""
        operation = self._operations.get(str(call.operation.name))
        return operation(call.parameters) if operation is not None else None

    def _put_events(self, request: JsonObject) -> JsonObject:
        if sum(_size(entry) for entry in request["Entries"]) > _MOST_BYTES:
            raise _invalid("Total size of the entries in the request is over the limit.")
        answers = [self._put(entry) for entry in request["Entries"]]
        return {"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers}

    def _put(self, entry: JsonObject) -> JsonObject:
        if problem := _problem(entry):
            return problem
        event = {
            "detail-type": entry["DetailType"],
            "source": entry["Source"],
            "resources": [*entry.get("Resources", [])],
            "detail": json.loads(entry["Detail"]),
        }
        if "Time" in entry:
            event["time"] = _time(entry["Time"])
        bus = entry.get("EventBusName", "default").rpartition("/")[2]
        return {"EventId": self._events.publish(event, bus=bus)}


def _problem(entry: JsonObject) -> JsonObject | None:
    """Return the answer to an entry that is none."""
    if missing := next((name for name in _REQUIRED if not entry.get(name)), None):
        message = f"Parameter {missing} is not valid. Reason: {missing} is a required argument."
        return {"ErrorCode": "InvalidArgument", "ErrorMessage": message}
    if entry["Source"].startswith("aws."):
        return {"ErrorCode": "NotAuthorizedForSource", "ErrorMessage": "Not authorized for the source."}
    try:
        well_formed = isinstance(strict_json.parse_shallow(entry["Detail"]), dict)
    except ValueError:
        well_formed = False
    return None if well_formed else {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}


def _size(entry: JsonObject) -> int:
    texts = [*(entry.get(name) or "" for name in _REQUIRED), *entry.get("Resources", [])]
    return sum(len(text.encode()) for text in texts) + (_TIME_BYTES if "Time" in entry else 0)


def _time(value: Any) -> str:
    moment = value if isinstance(value, datetime) else datetime.fromtimestamp(float(value), UTC)
    return timestamp(moment.astimezone(UTC))


def _check_rule(request: JsonObject) -> None:
    if "EventPattern" in request:
        _pattern(request["EventPattern"])
    if "ScheduleExpression" in request:
        try:
            schedule(request["ScheduleExpression"])
        except ScheduleError as error:
            raise _invalid("Parameter ScheduleExpression is not valid.") from error


def _check_targets(request: JsonObject) -> None:
    for target in request["Targets"]:
        kind = service_of(target["Arn"])
        if kind not in SERVICES:
            served = ", ".join(SERVICES)
            raise _invalid(f"{target['Arn']}: the local cloud delivers events to these services only: {served}.")
        if kind == "states" and ":stateMachine:" in target["Arn"] and "RoleArn" not in target:
            raise _invalid(f"RoleArn is required for target {target['Arn']}.")
        if len(given := [form for form in _FORMS if form in target]) > 1:
            raise _invalid(f"Only one of {', '.join(given)} must be provided for target {target['Id']}.")
        _check_dead_letters(target)
        _check_paths(target)


def _check_dead_letters(target: JsonObject) -> None:
    queue = target.get("DeadLetterConfig", {}).get("Arn")
    if queue and (service_of(queue) != "sqs" or queue.endswith(".fifo")):
        raise _invalid(f"DeadLetterConfig.Arn of target {target['Id']} must be the ARN of a standard SQS queue.")


def _check_paths(target: JsonObject) -> None:
    paths = {"InputPath": target["InputPath"]} if "InputPath" in target else {}
    try:
        for path in (paths | target.get("InputTransformer", {}).get("InputPathsMap", {})).values():
            steps(path)
    except PathError as error:
        raise _invalid(f"Invalid path of target {target['Id']}: {error}") from error
    if "InputTransformer" in target and (unknown := unknown_variables(target["InputTransformer"])):
        raise _invalid(f"Invalid InputTemplate for target {target['Id']}: InputPathsMap lacks {', '.join(unknown)}.")


def _test_pattern(request: JsonObject) -> JsonObject:
    pattern = _pattern(request["EventPattern"])
    try:
        event = strict_json.parse_shallow(request["Event"])
    except ValueError as error:
        raise _invalid("Parameter Event is not valid. Reason: it is not JSON.") from error
    missing = [name for name in _TESTED if not isinstance(event, dict) or name not in event]
    if missing:
        raise _invalid(f"Parameter Event is not valid. Reason: it lacks {', '.join(missing)}.")
    return {"Result": pattern.matches(event)}


def _pattern(text: str) -> Pattern:
    try:
        return Pattern.parse(text)
    except PatternError as error:
        raise AwsError("InvalidEventPatternException", f"Event pattern is not valid. Reason: {error}") from error


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)
