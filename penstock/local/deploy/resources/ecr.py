"""AWS::ECR: repositories."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType, lower_camel
from penstock.local.deploy.resources.shape import VALUE

_CREATED_WITH = ("RepositoryName", "EncryptionConfiguration", "ImageScanningConfiguration", "ImageTagMutability")


def _create(repository: Handle) -> Physical:
    parameters = {"RepositoryName": repository.name(256).lower()} | repository.given(*_CREATED_WITH)
    made = repository.client("ecr").create_repository(**lower_camel(parameters))["repository"]
    return Physical(made["repositoryName"], {"Arn": made["repositoryArn"], "RepositoryUri": made["repositoryUri"]})


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
            ecr.delete_lifecycle_policy(repositoryName=name)


REPOSITORY = ResourceType(
    properties={
        "EncryptionConfiguration": {"EncryptionType": VALUE, "KmsKey": VALUE},
        "ImageScanningConfiguration": {"ScanOnPush": VALUE},
        "ImageTagMutability": VALUE,
        "LifecyclePolicy": {"LifecyclePolicyText": VALUE},
        "RepositoryName": VALUE,
    },
    create=_create,
    configure=_configure,
    delete=lambda repository: repository.client("ecr").delete_repository(repositoryName=repository.id),
    created_with=_CREATED_WITH,
    replaced_by=("RepositoryName", "EncryptionConfiguration"),
    attributes=("Arn", "RepositoryUri"),
    name_property="RepositoryName",
)
