import pytest

from penstock.local.services.sagemaker.jobs.tuning.ranges import Numeric, ranges


def continuous(low: str, high: str, scaling: str) -> Numeric:
    item = {"Name": "x", "MinValue": low, "MaxValue": high, "ScalingType": scaling}
    (found,) = ranges({"ContinuousParameterRanges": [item]})
    assert isinstance(found, Numeric)
    return found


def integer(low: str, high: str) -> Numeric:
    (found,) = ranges({"IntegerParameterRanges": [{"Name": "n", "MinValue": low, "MaxValue": high}]})
    assert isinstance(found, Numeric)
    return found


@pytest.mark.parametrize(
    ("scaling", "low", "high", "middle"),
    [
        ("Linear", "0", "10", 5),
        ("Logarithmic", "0.01", "100", 1),
        ("ReverseLogarithmic", "0", "0.99", 0.9),
        ("Auto", "0.001", "10", 0.1),
        ("Auto", "1", "9", 5),
    ],
)
def test_the_middle_of_a_range_is_that_of_its_scale(scaling: str, low: str, high: str, middle: float) -> None:
    assert float(continuous(low, high, scaling).at(0.5)) == pytest.approx(middle)


@pytest.mark.parametrize("scaling", ["Linear", "Logarithmic", "ReverseLogarithmic"])
@pytest.mark.parametrize("share", [0, 0.3, 1])
def test_a_value_is_at_the_share_that_it_was_taken_from(scaling: str, share: float) -> None:
    one = continuous("0.1", "0.9", scaling)
    assert one.share(one.at(share)) == pytest.approx(share)


def test_a_value_outside_or_of_another_kind_has_no_share() -> None:
    one = continuous("0", "1", "Linear")
    assert (one.share("2"), one.share("wide")) == (None, None)


def test_whole_numbers_have_equal_shares() -> None:
    values = [integer("1", "4").at((share + 0.5) / 100) for share in range(100)]
    assert {value: values.count(value) for value in values} == {"1": 25, "2": 25, "3": 25, "4": 25}
