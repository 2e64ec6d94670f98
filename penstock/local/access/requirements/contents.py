"""What moto holds under the names that a call gives: the tags of objects, and the keys of parameters."""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.backends import get_backend

from penstock.local.access.requirements.rules import Asked


def object_tags(asked: Asked, bucket: str, key: str, version: str | None) -> Mapping[str, str]:
    """Return the tags of an object; none if there is no such object."""
    backend = get_backend("s3")[asked.account][asked.partition]
    found = backend.buckets.get(bucket)
    versions = found.keys.getlist(key, default=[]) if found is not None else []
    if version:
        versions = [one for one in versions if str(one.version_id) == version]
    # What marks an object as deleted has no tags.
    arn = getattr(versions[-1], "arn", None) if versions else None
    return dict(backend.tagger.get_tag_dict_for_resource(arn)) if arn else {}


def parameter_keys(asked: Asked) -> Iterator[tuple[str, str]]:
    """Yield the names and the KMS keys of the secret parameters that a call reads."""
    backend = get_backend("ssm")[asked.account][asked.region]
    for parameter in _parameters(asked, backend):
        if parameter is not None and parameter.parameter_type == "SecureString" and parameter.keyid:
            yield str(parameter.name), str(parameter.keyid)


def _parameters(asked: Asked, backend: Any) -> Iterator[Any]:
    if asked["Path"]:
        for name in backend._parameters.get_keys_beginning_with(asked["Path"], bool(asked["Recursive"])):
            yield backend.get_parameter(name)
        return
    for name in asked["Names"] or [asked["Name"]]:
        yield from backend.get_parameters([name]).values()
