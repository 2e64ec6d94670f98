"""The operations on model packages: versions in a group, or single ones with a name of their own."""

from dataclasses import replace

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.listing import Kind, page
from penstock.local.services.sagemaker.model_package import (
    CREATE,
    DESCRIBED,
    SUMMARY,
    UPDATE,
    UPDATED,
    ModelPackage,
    digest,
)
from penstock.local.services.sagemaker.model_package_groups import ModelPackageGroups
from penstock.local.services.sagemaker.served import check
from penstock.local.services.sagemaker.shelf import Shelf

_LISTED = Kind(
    key="ModelPackageSummaryList", name="ModelPackageName", status="ModelPackageStatus", unique="ModelPackageArn"
)


class ModelPackages:
    """The model packages of this cloud, by the part of their ARNs after model-package/."""

    def __init__(self, context: Context, groups: ModelPackageGroups) -> None:
        self._context = context
        self._groups = groups
        self._shelf: Shelf[ModelPackage] = Shelf(context, "model-package", "model package")

    def create(self, request: JsonObject) -> JsonObject:
        """Serve CreateModelPackage; nothing is validated in batches, so that it is Completed at once.

        A request that comes again with the same ClientToken makes no second version.
        """
        check(request, CREATE)
        with self._context.lock:
            made = self._made_by(request)
            if made is not None:
                return {"ModelPackageArn": made.arn}
            described = {name: request[name] for name in DESCRIBED if name in request}
            described |= {
                **self._named(request),
                "CreationTime": self._context.clock.now(),
                "ModelPackageStatus": "Completed",
                "ModelPackageStatusDetails": {"ValidationStatuses": []},
            }
            package = ModelPackage(described, token=request.get("ClientToken", ""), digest=digest(request))
            self._shelf.add(_key(package.arn), package)
            self._context.tags.begin(package.arn, request.get("Tags", []))
        self._context.publish("Model Package", package.arn, described)
        return {"ModelPackageArn": package.arn}

    def update(self, request: JsonObject) -> JsonObject:
        """Serve UpdateModelPackage: most of all, approve it or reject it."""
        check(request, UPDATE)
        with self._context.lock:
            package = self._find(request["ModelPackageArn"])
            changed = {name: request[name] for name in UPDATED if name in request}
            own = package.described.get("CustomerMetadataProperties", {}) | request.get(
                "CustomerMetadataProperties", {}
            )
            kept = {
                name: value
                for name, value in own.items()
                if name not in request.get("CustomerMetadataPropertiesToRemove", [])
            }
            changed |= {"CustomerMetadataProperties": kept} if own else {}
            changed["LastModifiedTime"] = self._context.clock.now()
            updated = replace(package, described=package.described | changed)
            self._shelf.replace(_key(package.arn), updated)
        fields = [name for name in changed if name != "LastModifiedTime"]
        self._context.publish("Model Package", package.arn, updated.described | {"UpdatedModelPackageFields": fields})
        return {"ModelPackageArn": package.arn}

    def describe(self, request: JsonObject) -> JsonObject:
        """Serve DescribeModelPackage."""
        return self._find(request["ModelPackageName"]).described

    def list(self, request: JsonObject) -> JsonObject:
        """Serve ListModelPackages: the versions of a group, or the packages without one."""
        group = request.get("ModelPackageGroupName", "").rpartition("/")[2]
        if group:
            self._groups.find(group)
        kind = "Versioned" if group else request.get("ModelPackageType", "Unversioned")
        approval = request.get("ModelApprovalStatus")
        summaries = [
            {name: package.described[name] for name in SUMMARY if name in package.described}
            for package in self._shelf.all()
            if kind == "Both" or ("ModelPackageGroupName" in package.described) == (kind == "Versioned")
            if group in {"", package.described.get("ModelPackageGroupName")}
            if approval in {None, package.described.get("ModelApprovalStatus")}
        ]
        return page(_LISTED, summaries, request)

    def delete(self, request: JsonObject) -> JsonObject:
        """Serve DeleteModelPackage."""
        package = self._find(request["ModelPackageName"])
        self._shelf.remove(_key(package.arn))
        self._context.tags.end(package.arn)
        return {}

    def delete_group(self, request: JsonObject) -> JsonObject:
        """Serve DeleteModelPackageGroup: only an empty one."""
        with self._context.lock:
            group = self._groups.find(request["ModelPackageGroupName"])
            if any(package.described.get("ModelPackageGroupName") == group.name for package in self._shelf.all()):
                raise AwsError(
                    "ConflictException",
                    f"Model Package Group cannot be deleted because it still contains Model Packages: {group.arn}",
                )
            self._groups.delete(group.name)
        return {}

    def container(self, name: str) -> JsonObject:
        """Return the container of a package, as a model takes it.

        Raises:
            AwsError: ValidationException, there is no such package, it is not approved, or has not one container.
        """
        described = self._find(name).described
        if described.get("ModelApprovalStatus", "Approved") != "Approved":
            raise AwsError(
                "ValidationException",
                f"Model package {described['ModelPackageArn']} is not approved: its ModelApprovalStatus is"
                f" {described['ModelApprovalStatus']}.",
            )
        containers = described.get("InferenceSpecification", {}).get("Containers", [])
        if len(containers) != 1:
            raise AwsError(
                "ValidationException",
                f"Model package {name} has {len(containers)} containers: the local cloud serves models of one.",
            )
        known = ("Image", "ModelDataUrl", "Environment", "ContainerHostname")
        return {name: containers[0][name] for name in known if name in containers[0]}

    def restore(self) -> None:
        """Take up the packages that the store has kept."""
        self._shelf.restore(lambda record: ModelPackage(**record))

    def _made_by(self, request: JsonObject) -> ModelPackage | None:
        """Return the package that a request with this token has made.

        Raises:
            AwsError: ConflictException, that was another request.
        """
        token = request.get("ClientToken")
        made = next((package for package in self._shelf.all() if token and package.token == token), None)
        if made is not None and made.digest != digest(request):
            message = f"The ClientToken {token} has come with another request, which made {made.arn}."
            raise AwsError("ConflictException", message)
        return made

    def _named(self, request: JsonObject) -> JsonObject:
        """Return the names and the ARN of a new package; a version has no name of its own, whatever the API says."""
        given = [name for name in ("ModelPackageName", "ModelPackageGroupName") if name in request]
        if len(given) != 1:
            raise AwsError(
                "ValidationException",
                "Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one"
                " to use."
                if given
                else "Missing ARN.",
            )
        if given == ["ModelPackageName"]:
            name = request["ModelPackageName"]
            return {"ModelPackageName": name, "ModelPackageArn": self._shelf.arn(name)}
        if request.get("Tags"):
            raise AwsError(
                "ValidationException",
                "Tags cannot be given to a version of a model package: it has those of its model package group.",
            )
        group = self._groups.find(request["ModelPackageGroupName"]).name
        version = self._groups.next_version(group)
        return {
            "ModelPackageGroupName": group,
            "ModelPackageVersion": version,
            "ModelPackageArn": self._shelf.arn(f"{group}/{version}"),
            "ModelApprovalStatus": request.get("ModelApprovalStatus", "PendingManualApproval"),
        }

    def _find(self, name: str) -> ModelPackage:
        try:
            return self._shelf.get(_key(name))
        except AwsError as error:
            raise AwsError(
                "ValidationException", f"ModelPackage {self._shelf.arn(_key(name))} does not exist."
            ) from error


def _key(name: str) -> str:
    """Return what is after model-package/ in an ARN, or the name itself."""
    return name.partition(":model-package/")[2] or name
