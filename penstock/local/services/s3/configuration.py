"""What a bucket tells, and whom: its notification configuration.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
"""

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from penstock.local.arns import service_of
from penstock.local.service import AwsError, JsonObject

# The kinds of destinations: where the request lists them, and the name of its ARN there.
_KINDS = {
    "LambdaFunctionConfigurations": ("LambdaFunctionArn", "lambda"),
    "QueueConfigurations": ("QueueArn", "sqs"),
    "TopicConfigurations": ("TopicArn", "sns"),
}
_LONGEST = 1024


@dataclass(frozen=True)
class Destination:
    """A function, queue or topic, and what it is told of."""

    id: str
    arn: str
    service: str
    events: tuple[str, ...]
    prefix: str
    suffix: str

    def wants(self, event: str, key: str) -> bool:
        """Tell whether an event, such as s3:ObjectCreated:Put, of an object is meant."""
        named = any(fnmatchcase(event, pattern) for pattern in self.events)
        return named and key.startswith(self.prefix) and key.endswith(self.suffix)

    def clashes(self, other: "Destination") -> bool:
        """Tell whether both would be told of the same object's event."""
        return (
            any(_overlap(one, two) for one in self.events for two in other.events)
            and (self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix))
            and (self.suffix.endswith(other.suffix) or other.suffix.endswith(self.suffix))
        )


@dataclass(frozen=True)
class Configuration:
    """A bucket's notification configuration, as it was put."""

    given: JsonObject
    destinations: tuple[Destination, ...]

    @property
    def event_bridge(self) -> bool:
        """Does the bucket send its events to EventBridge?"""
        return "EventBridgeConfiguration" in self.given

    @classmethod
    def read(cls, request: JsonObject) -> "Configuration":
        """Read a configuration; a part without an id gets one.

        Raises:
            AwsError: InvalidArgument.
        """
        given = {
            name: [{"Id": str(uuid.uuid4())} | part for part in value] if name in _KINDS else value
            for name, value in request.items()
        }
        destinations = tuple(_destinations(given))
        for one, other in itertools.combinations(destinations, 2):
            if one.id == other.id:
                raise _invalid(f"Same ID used for multiple configurations: {one.id}. IDs must be unique")
            if one.clashes(other):
                raise _invalid(
                    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the"
                    " prefixes are overlapping for the same event type."
                )
        return cls(given, destinations)


def _destinations(given: JsonObject) -> Iterator[Destination]:
    for name, (arn_name, service) in _KINDS.items():
        for part in given.get(name, []):
            arn = part[arn_name]
            if service_of(arn) != service:
                raise _invalid("The ARN could not be parsed", arn_name, arn)
            if arn.endswith(".fifo"):
                raise _invalid("FIFO SQS queues and SNS topics are not supported.", arn_name, arn)
            rules = part.get("Filter", {}).get("Key", {}).get("FilterRules", [])
            yield Destination(part["Id"], arn, service, tuple(part["Events"]), **_affixes(rules))


def _affixes(rules: list[JsonObject]) -> dict[str, str]:
    affixes = {"prefix": "", "suffix": ""}
    for rule in rules:
        name, value = rule.get("Name", ""), rule.get("Value", "")
        if name not in affixes:
            raise _invalid("filter rule name must be either prefix or suffix", "FilterRule.Name", name)
        if affixes[name]:
            raise _invalid(f"Cannot specify more than one {name} rule in a filter.", "FilterRule.Name", name)
        if len(value) > _LONGEST:
            raise _invalid(f"Size of filter rule value cannot exceed {_LONGEST} bytes in UTF-8 representation")
        affixes[name] = value
    return affixes


def _overlap(one: str, other: str) -> bool:
    return fnmatchcase(one, other) or fnmatchcase(other, one)


def _invalid(message: str, name: str = "", value: str = "") -> AwsError:
    detail = f" ({name}: {value})" if name else ""
    return AwsError("InvalidArgument", message + detail)
