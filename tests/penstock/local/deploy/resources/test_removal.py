from typing import Any

import pytest
from botocore.exceptions import ClientError

from penstock.local.deploy.resources.removal import discard, gone


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("NoSuchEntity", True),
        ("ResourceNotFoundException", True),
        ("QueueDoesNotExist", True),
        ("AWS.SimpleQueueService.NonExistentQueue", True),
        ("BucketNotEmpty", False),
    ],
)
def test_what_is_gone_is_told_by_the_code(code: str, *, expected: bool) -> None:
    assert gone(ClientError({"Error": {"Code": code}}, "Delete")) is expected


def test_any_other_error_says_nothing_of_it() -> None:
    assert not gone(ValueError("NoSuchEntity"))


def test_removing_what_is_gone_is_no_error(account: Any) -> None:
    discard(account.client("logs").delete_log_group, logGroupName="/nowhere")


def test_a_removal_that_is_refused_is_an_error(account: Any) -> None:
    account.client("s3").create_bucket(Bucket="data")
    account.client("s3").put_object(Bucket="data", Key="a")
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        discard(account.client("s3").delete_bucket, Bucket="data")
