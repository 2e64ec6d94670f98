import pytest

from penstock.local.service import Caller

STS, ROLE = "arn:aws:sts::1:assumed-role/dev-p-workflow/7c1f09ab", "arn:aws:iam::1:role/dev-p-workflow"


@pytest.mark.parametrize(
    ("caller", "name"),
    [
        (Caller("k", "1", STS, role=ROLE), "dev-p-workflow"),
        (Caller("k", "1", "arn:aws:iam::1:user/operator"), "operator"),
        (Caller("k", "1", "events.amazonaws.com", service="events.amazonaws.com"), "events.amazonaws.com"),
    ],
)
def test_a_caller_goes_by_a_short_name(caller: Caller, name: str) -> None:
    assert caller.name == name
