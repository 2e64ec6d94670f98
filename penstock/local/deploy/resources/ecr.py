"""AWS::ECR: repositories."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, document, lower_camel
from penstock.local.deploy.resources.removal import discard
from penstock.local.deploy.resources.shape import JSON, VALUE
from penstock.local.deploy.resources.tags import TAGS, Tagging

_CREATED_WITH = ("RepositoryName", "EncryptionConfiguration", "ImageScanningConfiguration", "ImageTagMutability")


def _expected(repository: Handle) -> Physical:
    name = repository.properties.get("RepositoryName", repository.name(256).lower())
    clients = repository.clients
    suffix = ".cn" if clients.region.startswith("cn-") else ""
    uri = f"{clients.account}.dkr.ecr.{clients.region}.amazonaws.com{suffix}/{name}"
    return Physical(name, {"Arn": repository.clients.arn("ecr", f"repository/{name}"), "RepositoryUri": uri})


def _create(repository: Handle) -> Physical:
    physical = _expected(repository)
    parameters = repository.given(*_CREATED_WITH) | {"RepositoryName": physical.id}
    repository.client("ecr").create_repository(**lower_camel(parameters))
    return physical


def _configure(repository: Handle) -> None:
    ecr, name, properties = repository.client("ecr"), repository.id, repository.properties
    if repository.changed("ImageScanningConfiguration"):
        scanning = lower_camel(properties.get("ImageScanningConfiguration", {"ScanOnPush": False}))
        ecr.put_image_scanning_configuration(repositoryName=name, imageScanningConfiguration=scanning)
    if repository.changed("ImageTagMutability"):
        mutability = properties.get("ImageTagMutability", "MUTABLE")
        ecr.put_image_tag_mutability(repositoryName=name, imageTagMutability=mutability)
    if repository.changed("LifecyclePolicy"):
        if "LifecyclePolicy" in properties:
            text = properties["LifecyclePolicy"]["LifecyclePolicyText"]
            ecr.put_lifecycle_policy(repositoryName=name, lifecyclePolicyText=text)
        else:
            discard(ecr.delete_lifecycle_policy, repositoryName=name)
    if repository.changed("RepositoryPolicyText"):
        if "RepositoryPolicyText" in properties:
            text = document(properties["RepositoryPolicyText"])
            ecr.set_repository_policy(repositoryName=name, policyText=text)
        else:
            discard(ecr.delete_repository_policy, repositoryName=name)


def _delete(repository: Handle) -> None:
    emptied = str(repository.properties.get("EmptyOnDelete", False)).lower() == "true"
    repository.client("ecr").delete_repository(repositoryName=repository.id, force=emptied)


REPOSITORY = ResourceType(
    properties={
        "EmptyOnDelete": VALUE,
        "EncryptionConfiguration": {"EncryptionType": VALUE, "KmsKey": VALUE},
        "ImageScanningConfiguration": {"ScanOnPush": VALUE},
        "ImageTagMutability": VALUE,
        "LifecyclePolicy": {"LifecyclePolicyText": VALUE},
        "RepositoryName": VALUE,
        "RepositoryPolicyText": JSON,
        "Tags": TAGS,
    },
    exists=lambda repository: repository.client("ecr").describe_repositories(
        repositoryNames=[_expected(repository).id]
    ),
    create=_create,
    expected=_expected,
    configure=_configure,
    delete=_delete,
    created_with=_CREATED_WITH,
    replaced_by=("RepositoryName", "EncryptionConfiguration"),
    attributes=("Arn", "RepositoryUri"),
    name_property="RepositoryName",
    tagging=Tagging(
        "ecr",
        lambda repository: {"resourceArn": repository.physical.attributes["Arn"]},
        tags="tags",
        keys="tagKeys",
    ),
)
