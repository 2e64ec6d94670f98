from types import SimpleNamespace

import pytest

from penstock.local.services.stepfunctions.intrinsics import IntrinsicError, parse


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1", "'1' cannot be read from '1' on."),
        ("'a')", "is no intrinsic function."),
        ("States.Array(1 2)", "cannot be read from '1 2\\)' on."),
        ("States.Array('a' 'b')", "lacks a comma before"),
        ("States.Array(1, #)", "cannot be read from ' #\\)' on."),
        ("States.Array(1) x", "goes on after its end with ' x'."),
        ("States.Array(" * 11 + ")" * 11, "nests more than 10 functions."),
    ],
)
def test_what_is_no_function_is_an_error(text: str, problem: str) -> None:
    with pytest.raises(IntrinsicError, match=problem):
        parse(text)


def test_blanks_and_the_whole_input_do_not_matter() -> None:
    function, _ = parse("States.Array( $ , 'a' )")
    env = SimpleNamespace(stack=[{"n": 1}])
    assert function.value(env) == [{"n": 1}, "a"]
