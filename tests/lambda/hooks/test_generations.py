import pytest

from hooks.generations import Generation, check_known, package_arn
from hooks.rules import InvalidInput

EXECUTION = "arn:aws-cn:states:cn-north-1:123456789012:execution:dev-bigmart:one"
ARTEFACT = "s3://artefacts/bigmart/runs/7c1f09ab/output/job/output/model.tar.gz"
PACKAGE = {
    "ModelPackageVersion": 5,
    "ModelApprovalStatus": "Approved",
    "InferenceSpecification": {"Containers": [{"Image": "registry/forest:1", "ModelDataUrl": ARTEFACT}]},
}


def test_a_package_is_of_the_execution_s_account_and_region() -> None:
    assert package_arn(EXECUTION, "dev-bigmart", 5) == (
        "arn:aws-cn:sagemaker:cn-north-1:123456789012:model-package/dev-bigmart/5"
    )


def test_what_was_approved_may_be_deployed() -> None:
    assert check_known(PACKAGE, "dev-bigmart", 5) == Generation(5, "7c1f09ab", ARTEFACT, "registry/forest:1")


@pytest.mark.parametrize("status", ["Rejected", "PendingManualApproval"])
def test_what_was_not_approved_may_not(status: str) -> None:
    with pytest.raises(InvalidInput, match=f"Generation 5 of dev-bigmart is {status}"):
        check_known(PACKAGE | {"ModelApprovalStatus": status}, "dev-bigmart", 5)


def test_what_is_not_there_may_not() -> None:
    with pytest.raises(InvalidInput, match="There is no generation 5 of dev-bigmart"):
        check_known(None, "dev-bigmart", 5)
