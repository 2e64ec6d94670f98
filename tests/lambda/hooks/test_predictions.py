import pytest

from hooks.predictions import SmokeTestFailed, check_bounds, read_predictions


def test_numbers_are_read() -> None:
    assert read_predictions("1.5\n2\n", rows=2, numbers=True) == [1.5, 2.0]


def test_labels_are_read_as_they_are() -> None:
    assert read_predictions("yes\nno\n", rows=2, numbers=False) == ["yes", "no"]


@pytest.mark.parametrize(
    ("body", "numbers", "problem"),
    [
        ("1\n", True, "2 rows were sent and 1 predictions came back"),
        ("1\n2\n3\n", True, "2 rows were sent and 3 predictions came back"),
        ("1\nmany\n", True, 'the prediction for row 2 is "many", which is no number'),
        ("1\nnan\n", True, "the prediction for row 2 is nan, which is not finite"),
        ("1\n-inf\n", True, "the prediction for row 2 is -inf, which is not finite"),
        ("yes\n\n", False, "the prediction for row 2 is empty"),
    ],
)
def test_what_cannot_be_predictions_is_refused(body: str, problem: str, *, numbers: bool) -> None:
    with pytest.raises(SmokeTestFailed, match=problem):
        read_predictions(body, rows=2, numbers=numbers)


@pytest.mark.parametrize(("minimum", "maximum"), [(None, None), (0, 10), (0, None), (None, 10)])
def test_bounds_include_their_ends(minimum: float | None, maximum: float | None) -> None:
    check_bounds([0.0, 10.0], minimum=minimum, maximum=maximum)


def test_without_bounds_labels_pass() -> None:
    check_bounds(["yes"], minimum=None, maximum=None)


@pytest.mark.parametrize(
    ("prediction", "problem"),
    [(-0.5, "row 1 is -0.5, less than the minimum 0"), (10.5, "row 1 is 10.5, more than the maximum 10")],
)
def test_a_prediction_out_of_bounds_is_refused(prediction: float, problem: str) -> None:
    with pytest.raises(SmokeTestFailed, match=problem):
        check_bounds([prediction], minimum=0, maximum=10)
