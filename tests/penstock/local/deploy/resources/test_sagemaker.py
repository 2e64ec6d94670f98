import json
from typing import Any

from botocore.awsrequest import AWSResponse


def group(description: str) -> dict[str, Any]:
    properties = {"ModelPackageGroupName": "dev-bigmart", "ModelPackageGroupDescription": description}
    return {"Group": {"Type": "AWS::SageMaker::ModelPackageGroup", "Properties": properties}}


def test_a_model_package_group_is_made_and_removed(account: Any) -> None:
    stack = account.deploy(group("Sales"), Outputs={"Arn": {"Value": {"Ref": "Group"}}})
    sagemaker = account.client("sagemaker")
    found = sagemaker.describe_model_package_group(ModelPackageGroupName="dev-bigmart")
    assert (found["ModelPackageGroupArn"], found["ModelPackageGroupDescription"]) == (stack.outputs["Arn"], "Sales")
    assert stack.resources["Group"].handle.physical.attributes == {"ModelPackageGroupArn": stack.outputs["Arn"]}


def test_a_model_package_group_is_removed_by_its_name(account: Any) -> None:
    asked: list[dict[str, Any]] = []

    def removed(params: dict[str, Any], **_: Any) -> Any:
        asked.append(json.loads(params["body"]))
        return AWSResponse("", 200, {}, None), {}  # moto does not serve it

    account.deploy(group("Sales"))
    events = account.client("sagemaker").meta.events
    events.register("before-call.sagemaker.DeleteModelPackageGroup", removed, "removed")
    account.deployer.destroy("dev-app")
    events.unregister("before-call.sagemaker.DeleteModelPackageGroup", unique_id="removed")
    assert asked == [{"ModelPackageGroupName": "dev-bigmart"}]
