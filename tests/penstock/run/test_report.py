import pytest

from penstock.run import report


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rmse is 1103.2345678, at most 100 is required", "rmse is 1 103.2, at most 100 is required"),
        ("accuracy is 0.91234, at least 0.95 is required", "accuracy is 0.912, at least 0.95 is required"),
        ("model dev-p-1.25.3 of v1.2345", "model dev-p-1.25.3 of v1.2345"),
    ],
)
def test_long_numbers_in_a_sentence_are_rounded(text: str, shown: str) -> None:
    assert report.rounded(text) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(4.23, "4.2 s"), (59.9, "59.9 s"), (252.9, "4 m 12 s"), (3903, "1 h 5 m")]
)
def test_a_duration_is_in_the_units_that_fit_it(seconds: float, shown: str) -> None:
    assert report.duration(seconds) == shown
