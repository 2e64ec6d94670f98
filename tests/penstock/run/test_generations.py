from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from penstock.errors import RunError
from penstock.run.generations import Generation, generations, serving
from penstock.run.rollback import choose

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)


def generation(number: int, status: str = "Approved") -> Generation:
    return Generation(number, status, NOW)


class SageMaker:
    """A client of SageMaker with an endpoint of two variants."""

    def __init__(self, variant: str = "main", **missing: str) -> None:
        self.variant = variant
        self.missing = missing

    def _fail(self, operation: str) -> None:
        if operation in self.missing:
            raise ClientError({"Error": {"Code": self.missing[operation], "Message": "Could not find it"}}, operation)

    def get_paginator(self, _operation: str) -> "SageMaker":
        return self

    def paginate(self, ModelPackageGroupName: str) -> Any:  # noqa: N803
        assert ModelPackageGroupName == "dev-p"
        self._fail("packages")
        for number, status in ((1, "Approved"), (3, "Rejected"), (2, "Approved")):
            summary = {"ModelPackageVersion": number, "ModelApprovalStatus": status, "CreationTime": NOW}
            yield {"ModelPackageSummaryList": [summary]}

    def describe_endpoint(self, EndpointName: str) -> dict[str, str]:  # noqa: N803
        self._fail("endpoint")
        return {"EndpointConfigName": f"{EndpointName}-config"}

    def describe_endpoint_config(self, EndpointConfigName: str) -> dict[str, Any]:  # noqa: N803
        variants = [("other", "new"), (self.variant, EndpointConfigName)]
        return {"ProductionVariants": [{"VariantName": name, "ModelName": model} for name, model in variants]}

    def describe_model(self, ModelName: str) -> dict[str, str]:  # noqa: N803
        return {"ModelArn": f"arn:{ModelName}"}

    def list_tags(self, ResourceArn: str) -> dict[str, Any]:  # noqa: N803
        tags = {"arn:dev-p-config": [{"Key": "penstock:generation", "Value": "4"}], "arn:new": []}
        return {"Tags": tags[ResourceArn]}


def test_generations_are_listed_from_the_newest() -> None:
    assert [str(one) for one in generations(SageMaker(), "dev-p")] == [
        "3 (2026-01-02 03:04, Rejected)",
        "2 (2026-01-02 03:04)",
        "1 (2026-01-02 03:04)",
    ]


@pytest.mark.parametrize("code", ["ValidationException", "ResourceNotFound"])
def test_a_group_that_is_not_there_has_none(code: str) -> None:
    assert generations(SageMaker(packages=code), "dev-p") == []


def test_a_denial_is_no_missing_group() -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        generations(SageMaker(packages="AccessDeniedException"), "dev-p")


@pytest.mark.parametrize(
    ("sagemaker", "number"),
    [(SageMaker(), 4), (SageMaker("shadowed"), None), (SageMaker(endpoint="ValidationException"), None)],
)
def test_the_main_variants_model_is_what_serves(sagemaker: SageMaker, number: int | None) -> None:
    assert serving(sagemaker, "dev-p") == number


def test_the_one_before_what_serves_is_gone_back_to() -> None:
    known = [generation(5), generation(4, "Rejected"), generation(3), generation(1)]
    assert choose("p", known, 5, None).number == 3
    assert choose("p", known, 5, 1).number == 1
    assert choose("p", known, None, 3).number == 3


@pytest.mark.parametrize(
    ("current", "to", "message"),
    [
        (5, 9, r"^--to 9: there is no such generation to go back to\. Generations of p: 5 \(2026-01-02 03:04\), 4 "),
        (5, 4, r"^--to 4: there is no such generation to go back to\. It is Rejected\. "),
        (5, 5, r"^--to 5: generation 5 is what serves now\. "),
        (5, None, r"^There is no generation before 5, which serves, to go back to\. "),
        (None, None, r"^It is not known which generation of p serves: name one with --to\. "),
    ],
)
def test_what_cannot_be_gone_back_to_lists_what_there_is(current: int | None, to: int | None, message: str) -> None:
    with pytest.raises(RunError, match=message):
        choose("p", [generation(5), generation(4, "Rejected")], current, to)
