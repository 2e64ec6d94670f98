"""AWS::SageMaker: groups of model packages."""

from penstock.local.deploy.resources.base import Handle, Physical, ResourceType
from penstock.local.deploy.resources.shape import VALUE
from penstock.local.deploy.resources.tags import TAGS, Tagging

_CREATED_WITH = ("ModelPackageGroupDescription", "ModelPackageGroupName")


def _expected(group: Handle) -> Physical:
    arn = group.clients.arn("sagemaker", f"model-package-group/{group.properties['ModelPackageGroupName']}")
    return Physical(arn, {"ModelPackageGroupArn": arn})


def _exists(group: Handle) -> bool:
    # SageMaker says with one and the same code that there is none, and that the name is wrong.
    name = group.properties["ModelPackageGroupName"]
    pages = group.client("sagemaker").get_paginator("list_model_package_groups").paginate(NameContains=name)
    found = [entry["ModelPackageGroupName"] for page in pages for entry in page["ModelPackageGroupSummaryList"]]
    return name in found


def _create(group: Handle) -> Physical:
    group.client("sagemaker").create_model_package_group(**group.given(*_CREATED_WITH))
    return _expected(group)


MODEL_PACKAGE_GROUP = ResourceType(
    properties={**dict.fromkeys(_CREATED_WITH, VALUE), "Tags": TAGS},
    required=("ModelPackageGroupName",),
    exists=_exists,
    create=_create,
    expected=_expected,
    delete=lambda group: group.client("sagemaker").delete_model_package_group(
        ModelPackageGroupName=group.properties["ModelPackageGroupName"]
    ),
    created_with=_CREATED_WITH,
    replaced_by=_CREATED_WITH,
    attributes=("ModelPackageGroupArn",),
    name_property="ModelPackageGroupName",
    tagging=Tagging("sagemaker", lambda group: {"ResourceArn": group.id}, tag="add_tags", untag="delete_tags"),
)
