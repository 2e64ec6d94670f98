import pytest

from penstock.local import strict_json


@pytest.mark.parametrize("text", ["NaN", '{"a": [Infinity]}', "-Infinity"])
def test_what_python_alone_takes_for_numbers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no number of JSON"):
        strict_json.parse(text)


def test_what_python_cannot_read_for_its_depth_is_refused() -> None:
    with pytest.raises(ValueError, match="too deeply"):
        strict_json.parse("[" * 100_000)


def test_a_hundred_levels_can_be_passed_on_and_no_more() -> None:
    assert strict_json.parse_shallow('{"a": [1]}') == {"a": [1]}
    assert strict_json.parse_shallow("[" * 100 + "1" + "]" * 100)
    with pytest.raises(ValueError, match="nested more than 100 levels deep"):
        strict_json.parse_shallow('{"a":' + "[" * 100 + "]" * 100 + "}")
