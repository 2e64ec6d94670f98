import pytest

from penstock.local.service import AwsError
from penstock.local.services.sagemaker.tags import Tags
from penstock.local.store import Store

ARN = "arn:aws:sagemaker:us-east-1:123456789012:model/m"


def tag(key: str, value: str) -> dict[str, str]:
    return {"Key": key, "Value": value}


@pytest.fixture
def tags() -> Tags:
    tags = Tags(Store())
    tags.begin(ARN, [tag("a", "1")])
    return tags


def test_a_resource_has_the_tags_it_was_made_with(tags: Tags) -> None:
    assert tags.list({"ResourceArn": ARN}) == {"Tags": [tag("a", "1")]}


def test_tags_are_added_and_replaced(tags: Tags) -> None:
    added = tags.add({"ResourceArn": ARN, "Tags": [tag("a", "2"), tag("b", "3")]})
    assert added == tags.list({"ResourceArn": ARN}) == {"Tags": [tag("a", "2"), tag("b", "3")]}


def test_tags_are_deleted(tags: Tags) -> None:
    assert tags.delete({"ResourceArn": ARN, "TagKeys": ["a", "none"]}) == {}
    assert tags.list({"ResourceArn": ARN}) == {"Tags": []}


def test_a_deleted_resource_has_no_tags(tags: Tags) -> None:
    tags.end(ARN)
    with pytest.raises(AwsError, match=f'Could not find resource "{ARN}"'):
        tags.list({"ResourceArn": ARN})


def test_there_can_be_fifty(tags: Tags) -> None:
    with pytest.raises(AwsError, match="ResourceLimitExceeded"):
        tags.add({"ResourceArn": ARN, "Tags": [tag(str(index), "") for index in range(50)]})
