"""The tags of resources, as their services keep them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from penstock.local.access.sources import Sources

Tags = Mapping[str, str]


def tags_of(sources: Sources, arn: str) -> Tags:
    """Return the tags of a resource; there are none of what is gone, or has none."""
    find = _FOUND.get(arn.split(":")[2] if arn.count(":") > 1 else "")
    return find(sources, arn) if find is not None else {}


def _function(sources: Sources, arn: str) -> Tags:
    return dict(sources.ask("lambda", "ListTags", Resource=arn).get("Tags", {}))


def _of_sagemaker(sources: Sources, arn: str) -> Tags:
    return _pairs(sources.ask("sagemaker", "ListTags", ResourceArn=arn).get("Tags", []))


def _machine(sources: Sources, arn: str) -> Tags:
    return _pairs(sources.ask("stepfunctions", "ListTagsForResource", resourceArn=arn).get("tags", []))


def _alarm(sources: Sources, arn: str) -> Tags:
    return _pairs(sources.ask("cloudwatch", "ListTagsForResource", ResourceARN=arn).get("Tags", []))


def _role(sources: Sources, arn: str) -> Tags:
    return sources.of_role(arn).tags if ":role/" in arn else {}


def _queue(sources: Sources, arn: str) -> Tags:
    queue = sources.backend("sqs").queues.get(arn.rpartition(":")[2])
    return queue.tags if queue is not None else {}


def _topic(sources: Sources, arn: str) -> Tags:
    topic = sources.backend("sns").topics.get(arn)
    return topic._tags if topic is not None else {}


def _table(sources: Sources, arn: str) -> Tags:
    table = sources.backend("dynamodb").tables.get(arn.partition(":table/")[2].partition("/")[0])
    return _pairs(table.tags) if table is not None else {}


def _parameter(sources: Sources, arn: str) -> Tags:
    # A parameter's ARN leaves out the slash that a name may begin with.
    name = arn.partition(":parameter/")[2]
    kept = sources.backend("ssm")._resource_tags.get("Parameter", {})
    found: Tags = kept.get(f"/{name}") or kept.get(name) or {}
    return found


def _by_tagger(service: str, name: Callable[[str], str]) -> Callable[[Sources, str], Tags]:
    """Return what finds tags that moto keeps in a list of their own, by the name that they have there."""
    return lambda sources, arn: dict(sources.backend(service).tagger.get_tag_dict_for_resource(name(arn)))


def _pairs(tags: Iterable[Mapping[str, Any]]) -> Tags:
    return {tag.get("Key", tag.get("key", "")): tag.get("Value", tag.get("value", "")) for tag in tags}


_FOUND: Mapping[str, Callable[[Sources, str], Tags]] = {
    "cloudwatch": _alarm,
    "dynamodb": _table,
    "ecr": _by_tagger("ecr", lambda arn: arn),
    "events": _by_tagger("events", lambda arn: arn),
    "iam": _role,
    "kms": _by_tagger("kms", lambda arn: arn.rpartition("/")[2]),
    "lambda": _function,
    "logs": _by_tagger("logs", lambda arn: arn.partition(":log-stream:")[0].removesuffix(":*")),
    "sagemaker": _of_sagemaker,
    "sns": _topic,
    "sqs": _queue,
    "ssm": _parameter,
    "states": _machine,
}
