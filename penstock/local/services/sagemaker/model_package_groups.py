"""The operations on model package groups."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.listing import Kind, page
from penstock.local.services.sagemaker.served import ANY, check
from penstock.local.services.sagemaker.shelf import Shelf

_LISTED = Kind(key="ModelPackageGroupSummaryList", name="ModelPackageGroupName")
_SERVED = {"ModelPackageGroupName": ANY, "ModelPackageGroupDescription": ANY, "Tags": ANY}


@dataclass(frozen=True)
class ModelPackageGroup:
    """A name for the versions of one model."""

    request: JsonObject
    arn: str
    created: datetime
    versions: int  # that there have been; a number is never used again

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.request["ModelPackageGroupName"])

    def record(self) -> dict[str, Any]:
        """Return what the store keeps of it."""
        return asdict(self)

    def summary(self) -> JsonObject:
        """Return its item in the answer of ListModelPackageGroups."""
        return {
            **{name: value for name, value in self.request.items() if name != "Tags"},
            "ModelPackageGroupArn": self.arn,
            "CreationTime": self.created,
            "ModelPackageGroupStatus": "Completed",
        }


class ModelPackageGroups:
    """The groups of this cloud; requests may name one by its ARN."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shelf: Shelf[ModelPackageGroup] = Shelf(context, "model-package-group", "Model Package Group")

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateModelPackageGroup."""
        check(request, _SERVED)
        name = request["ModelPackageGroupName"]
        group = ModelPackageGroup(request, self._shelf.arn(name), self._context.clock.now(), versions=0)
        with self._context.lock:
            self._shelf.add(name, group)
            self._context.tags.begin(group.arn, request.get("Tags", []))
        return {"ModelPackageGroupArn": group.arn}

    def find(self, name: str) -> ModelPackageGroup:
        """Return a group.

        Raises:
            AwsError: ValidationException, there is none.
        """
        try:
            return self._shelf.get(name.rpartition("/")[2])
        except AwsError as error:
            arn = self._shelf.arn(name.rpartition("/")[2])
            raise AwsError("ValidationException", f"ModelPackageGroup {arn} does not exist.") from error

    def next_version(self, name: str) -> int:
        """Return the number of a new version, which no other gets."""
        with self._context.lock:
            group = self.find(name)
            grown = ModelPackageGroup(group.request, group.arn, group.created, group.versions + 1)
            self._shelf.replace(group.name, grown)
            return grown.versions

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeModelPackageGroup; who made it is nobody with a user profile."""
        return self.find(request["ModelPackageGroupName"]).summary() | {"CreatedBy": {}}

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListModelPackageGroups."""
        return page(_LISTED, [group.summary() for group in self._shelf.all()], request)

    def delete(self, name: str) -> None:
        """Take a group away."""
        group = self.find(name)
        self._shelf.remove(group.name)
        self._context.tags.end(group.arn)

    def restore(self) -> None:
        """Take up the groups that the store has kept."""
        self._shelf.restore(lambda record: ModelPackageGroup(**record))
