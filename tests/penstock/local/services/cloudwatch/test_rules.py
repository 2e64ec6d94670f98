import pytest

from penstock.local.services.cloudwatch.rules import RuleError, parse

_STATES = {"a": "ALARM", "with space": "OK", "c": "INSUFFICIENT_DATA"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("ALARM(a)", True),
        ('ALARM("a")', True),
        ("ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:a)", True),
        ('OK("with space")', True),
        ("OK(with space)", True),
        ("INSUFFICIENT_DATA(c)", True),
        ("INSUFFICIENT_DATA(nobody)", True),
        ("NOT ALARM(a)", False),
        ("NOT NOT ALARM(a)", True),
        ("ALARM(a) AND ALARM(c)", False),
        ("ALARM(c) OR ALARM(a)", True),
        ("TRUE OR FALSE AND FALSE", True),  # AND binds more tightly
        ("(TRUE OR FALSE) AND FALSE", False),
        ('ALARM(a) AND NOT (OK(c) OR ALARM("with space"))', True),
    ],
)
def test_what_a_rule_says(text: str, *, holds: bool) -> None:
    assert parse(text).holds(_STATES) is holds


def test_the_alarms_of_a_rule_are_named_once_each() -> None:
    assert parse('ALARM(b) AND OK(b) OR ALARM("a")').alarms == ("b", "a")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ends too early"),
        ("ALARM(a) AND", "ends too early"),
        ("ALARM(a) ALARM(b)", "unexpected 'ALARM(b)'"),
        ("(ALARM(a)", "not closed"),
        ("alarm(a)", "unexpected 'alarm'"),
        ("AT_LEAST(2, ALARM, (a, b))", "unexpected 'AT_LEAST'"),
        ("ALARM(a) & ALARM(b)", "unexpected '&'"),
        ("NOT " * 200 + "TRUE", "nested too deeply"),
        (" OR ".join(f"ALARM(a{number})" for number in range(101)), "at most 100 alarms"),
    ],
)
def test_an_error_says_what_is_wrong(text: str, message: str) -> None:
    with pytest.raises(RuleError) as raised:
        parse(text)
    assert message in str(raised.value)
