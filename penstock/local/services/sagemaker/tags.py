"""AddTags, ListTags and DeleteTags; a resource has tags from when it is made until it is deleted."""

import threading

from penstock.local.service import AwsError, JsonObject
from penstock.local.store import Store

_MOST = 50
_RECORDS = "sagemaker-tags"


class Tags:
    """The tags of every resource, by ARN; the store keeps them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tags: dict[str, dict[str, str]] = dict(store.all(_RECORDS))
        self._lock = threading.Lock()

    def begin(self, arn: str, tags: list[dict[str, str]]) -> None:
        """Start the tags of a new resource."""
        with self._lock:
            self._keep(arn, _merged({}, tags))

    def end(self, arn: str) -> None:
        """Forget the tags of a deleted resource."""
        with self._lock:
            self._tags.pop(arn, None)
            self._store.remove(_RECORDS, arn)

    def of(self, arn: str) -> dict[str, str]:
        """Return the tags of a resource, by key."""
        with self._lock:
            return dict(self._tags.get(arn, {}))

    def add(self, request: JsonObject) -> JsonObject:
        """Serve AddTags: keys that are there get the new value."""
        arn = request["ResourceArn"]
        with self._lock:
            self._keep(arn, _merged(self._find(arn), request["Tags"]))
            return {"Tags": _listed(self._tags[arn])}

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListTags: all of them, as 50 fit a page."""
        with self._lock:
            return {"Tags": _listed(self._find(request["ResourceArn"]))}

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteTags; keys that are not there do not matter."""
        arn = request["ResourceArn"]
        with self._lock:
            self._keep(arn, {key: value for key, value in self._find(arn).items() if key not in request["TagKeys"]})
        return {}

    def _find(self, arn: str) -> dict[str, str]:
        if arn not in self._tags:
            raise AwsError("ResourceNotFound", f'Could not find resource "{arn}".')
        return self._tags[arn]

    def _keep(self, arn: str, tags: dict[str, str]) -> None:
        self._tags[arn] = tags
        self._store.put(_RECORDS, arn, tags)


def _merged(tags: dict[str, str], more: list[dict[str, str]]) -> dict[str, str]:
    merged = tags | {tag["Key"]: tag["Value"] for tag in more}
    if len(merged) > _MOST:
        raise AwsError("ResourceLimitExceeded", f"A resource can have {_MOST} tags; this would be {len(merged)}.")
    return merged


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
