import pytest

from penstock.local.function_names import FunctionName
from penstock.local.service import AwsError

HERE = ("us-east-1", "123456789012")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("f", FunctionName("", "", "f", "")),
        ("f:$LATEST", FunctionName("", "", "f", "$LATEST")),
        ("function:f", FunctionName("", "", "f", "")),
        ("123456789012:function:f:1", FunctionName("", "123456789012", "f", "1")),
        (
            "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f",
            FunctionName("us-gov-west-1", HERE[1], "f", ""),
        ),
    ],
)
def test_the_parts_of_a_name(text: str, named: FunctionName) -> None:
    assert FunctionName.parse(text) == named


def test_a_request_may_name_the_qualifier_beside() -> None:
    assert FunctionName.parse("f", "1") == FunctionName.parse("f:1", "1") == FunctionName.parse("f:1")
    with pytest.raises(AwsError, match="InvalidParameterValueException: The derived qualifier"):
        FunctionName.parse("f:1", "2")


@pytest.mark.parametrize("text", ["f" * 65, "arn:aws:s3:::f", "a/b"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(AwsError, match=f"ValidationException: .*Value '{text}'"):
        FunctionName.parse(text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("eu-west-1:123456789012:function:f", "ResourceNotFoundException: .*not reachable in this region"),
        ("999999999999:function:f", "AccessDeniedException"),
    ],
)
def test_a_function_elsewhere_is_not_here(text: str, error: str) -> None:
    with pytest.raises(AwsError, match=error):
        FunctionName.parse(text).check_place(*HERE)


def test_a_function_here_is() -> None:
    FunctionName.parse("us-east-1:123456789012:function:f").check_place(*HERE)
    FunctionName.parse("f").check_place(*HERE)
