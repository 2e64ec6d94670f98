from typing import Any

import pytest

from penstock.errors import DeployError


def parameter(**properties: Any) -> dict[str, Any]:
    given = {"Name": "/dev/threshold", "Type": "String", "Value": "0.5"} | properties
    return {"Parameter": {"Type": "AWS::SSM::Parameter", "Properties": given}}


def test_a_parameter_is_put_changed_and_removed(account: Any) -> None:
    ssm, outputs = account.client("ssm"), {"Value": {"Value": {"Fn::GetAtt": ["Parameter", "Value"]}}}
    assert account.deploy(parameter(Description="Of the gate"), Outputs=outputs).outputs["Value"] == "0.5"
    assert account.deploy(parameter(Value=0.7), Outputs=outputs).outputs["Value"] == "0.7"
    assert account.mutations == ["ssm:PutParameter"]
    assert ssm.get_parameter(Name="/dev/threshold")["Parameter"]["Value"] == "0.7"
    account.deployer.destroy("dev-app")
    assert ssm.describe_parameters()["Parameters"] == []


def test_a_parameter_of_someone_else_is_not_overwritten(account: Any) -> None:
    account.client("ssm").put_parameter(Name="/dev/threshold", Type="String", Value="1")
    with pytest.raises(
        DeployError, match=r"Resources\.Parameter: .*AlreadyExists.* Remove it, or .* give this one another name"
    ):
        account.deploy(parameter())
    assert account.client("ssm").get_parameter(Name="/dev/threshold")["Parameter"]["Value"] == "1"
