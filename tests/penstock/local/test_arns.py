import pytest

from penstock.local.arns import partition, service_of


@pytest.mark.parametrize(
    ("region", "expected"),
    [("us-east-1", "aws"), ("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_a_region_is_in_its_partition(region: str, expected: str) -> None:
    assert partition(region) == expected


@pytest.mark.parametrize(
    ("arn", "service"),
    [("arn:aws:sqs:us-east-1:123456789012:late", "sqs"), ("arn:aws:s3:::data", "s3"), ("s3://data/key", ""), ("", "")],
)
def test_an_arn_names_its_service(arn: str, service: str) -> None:
    assert service_of(arn) == service
