import pytest

from penstock.local.access.context import Context
from penstock.local.access.patterns import matches_action, matches_arn, matches_text

CONTEXT = Context({"aws:username": "ann", "aws:PrincipalTag/team": "blue*", "aws:TagKeys": ["a", "b"]})


@pytest.mark.parametrize(
    ("pattern", "action", "matches"),
    [
        ("s3:GetObject", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("s3:Get*", "s3:GetObjectVersion", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("*", "sagemaker:CreateModel", True),
        ("s3:GetObject", "s3:GetObjectVersion", False),
        ("s3:*", "sns:Publish", False),
    ],
)
def test_actions(pattern: str, action: str, matches: bool) -> None:  # noqa: FBT001
    assert matches_action(pattern, action) is matches


@pytest.mark.parametrize(
    ("pattern", "arn", "matches"),
    [
        ("*", "arn:aws:s3:::data", True),
        ("arn:aws:s3:::data/*", "arn:aws:s3:::data/a/b:c.csv", True),
        ("arn:aws:s3:::data/*", "arn:aws:s3:::data", False),
        ("arn:aws:s3:::d?ta", "arn:aws:s3:::data", True),
        ("arn:aws:s3:::Data", "arn:aws:s3:::data", False),
        ("arn:aws:sqs:*:123456789012:q", "arn:aws:sqs:us-east-1:123456789012:q", True),
        ("arn:aws:*:q", "arn:aws:sqs:us-east-1:123456789012:q", False),
        ("arn:aws:logs:*", "arn:aws:logs:us-east-1:123456789012:log-group:g:*", True),
        ("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::ann/x", True),
        ("arn:aws:s3:::${aws:PrincipalTag/team}/*", "arn:aws:s3:::blue*/x", True),
        ("arn:aws:s3:::${aws:PrincipalTag/team}/*", "arn:aws:s3:::blues/x", False),
        ("arn:aws:s3:::${aws:PrincipalTag/none}/*", "arn:aws:s3:::/x", False),
        ("arn:aws:s3:::${aws:PrincipalTag/none, 'all'}/*", "arn:aws:s3:::all/x", True),
        ("arn:aws:s3:::${aws:TagKeys}/*", "arn:aws:s3:::a/x", False),
        ("arn:aws:s3:::${*}", "arn:aws:s3:::*", True),
        ("arn:aws:s3:::${*}", "arn:aws:s3:::x", False),
    ],
)
def test_arns(pattern: str, arn: str, matches: bool) -> None:  # noqa: FBT001
    assert matches_arn(pattern, arn, CONTEXT) is matches


def test_an_old_policy_has_no_variables() -> None:
    assert matches_text("${aws:username}", "${aws:username}", None)
    assert not matches_text("${aws:username}", "ann", None)


def test_text_without_wildcards() -> None:
    assert matches_text("a*", "a*", CONTEXT, wild=False)
    assert not matches_text("a*", "ab", CONTEXT, wild=False)
    assert matches_text("${aws:USERNAME}", "ANN", CONTEXT, wild=False, case=False)
