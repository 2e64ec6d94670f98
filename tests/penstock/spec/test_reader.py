import pytest

from penstock.spec.mistakes import Mistake, UnreadableError
from penstock.spec.reader import Place, Reading


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", float("-inf")),
        ("+7", 7),
        ("0123", 123),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"),
        ("0x1F", "0x1F"),
        ("'1'", "1"),
        ('"\\u00e9"', "é"),
        ("=", "="),
        ("9" * 5000, float("inf")),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(text: str, value: object) -> None:
    assert Reading("f", f"key: {text}\n").read() == {"key": value}


def test_keys_are_text_as_written() -> None:
    assert Reading("f", "{no: 1, 2: 2, 3.0: 3, true: 4}").read() == {"no": 1, "2": 2, "3.0": 3, "true": 4}


def test_values_nest() -> None:
    assert Reading("f", "a: [1, [x], {b: c}]\nd:\n- e: {}\n").read() == {
        "a": (1, ("x",), {"b": "c"}),
        "d": ({"e": {}},),
    }


def test_places_of_keys_and_values_are_known() -> None:
    reading = Reading("f", "a:\n  é: [x, 0x1F, 010]\n")
    reading.read()

    assert reading.keys[("a", "é")] == Place(2, 3, '"é"')
    assert reading.values[("a", "é")] == Place(2, 6, "this")
    assert reading.values[("a", "é", 2)] == Place(2, 16, "010")


@pytest.mark.parametrize("text", ["", "\n", "# a comment\n", "---\n", "null", "~"])
def test_nothing_is_none(text: str) -> None:
    assert Reading("f", text).read() is None


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a: 1\nb\n", 3, 1, "not YAML: could not find expected ':' while scanning a simple key."),
        ("a: {b: 1\n", 2, 1, "not YAML: did not find expected ',' or '}' while parsing a flow mapping."),
        ("a: 'b\n", 2, 1, "not YAML: found unexpected end of stream while scanning a quoted scalar."),
        ("a: b: c\n", 1, 5, "not YAML: mapping values are not allowed in this context."),
        ("a: *b\n", 1, 4, "anchors (&) and aliases (*) are not supported."),
        ("a: &b 1\n", 1, 4, "anchors (&) and aliases (*) are not supported."),
        ("&a x: 1\n", 1, 1, "anchors (&) and aliases (*) are not supported."),
        ("a: !!python/name:os.system x\n", 1, 4, 'the tag "tag:yaml.org,2002:python/name:os.system" is not supported.'),
        ("a: 1\n---\nb: 2\n", 3, 1, "a second document."),
        ("? [a]\n: 1\n", 1, 3, "a key that is not text."),
        ("a: 1\nb: x\x07\n", 2, 5, "a control character (0x07)."),
        ("a: " + "[" * 500_000, 1, 24, "nested more than 20 deep."),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        Reading("f", text).read()

    mistake = caught.value.mistake
    assert (mistake.file, mistake.line, mistake.column, mistake.message) == ("f", line, column, message)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("a:\n\tb: 1\n", "Indent with spaces, not with tabs."),
        ("a: @b\n", "Put the value in quotes."),
        ("a: %b\n", "Put the value in quotes."),
        ("a: 'b\n", ""),
    ],
)
def test_remedy_for_what_yaml_trips_over(text: str, remedy: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        Reading("f", text).read()

    assert caught.value.mistake.remedy == remedy


def test_key_given_twice_is_told_and_the_first_counts() -> None:
    reading = Reading("f", "a: 1\nb: {c: 1, c: [x, {y: z}], d: 2}\na: 3\n")

    assert reading.read() == {"a": 1, "b": {"c": 1, "d": 2}}
    assert reading.mistakes == [
        Mistake("f", 2, 11, "b.c: given twice, first on line 2.", "Remove one of the two."),
        Mistake("f", 3, 1, "a: given twice, first on line 1.", "Remove one of the two."),
    ]


def test_nothing_in_place_of_a_value_is_told() -> None:
    reading = Reading("f", "a:\nb: [1, ~, 2]\nc: null\n")

    assert reading.read() == {"b": (1, 2)}
    assert [(mistake.line, mistake.message) for mistake in reading.mistakes] == [
        (1, "a: nothing is given."),
        (2, "b[1]: nothing is given."),
        (3, "c: nothing is given."),
    ]
