from typing import Any

import pytest

from penstock.local.deploy.comparison import compared


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", 1, 2)]),
        ({"a": 1}, {"b": 1}, [("a", 1, None), ("b", None, 1)]),
        ({"a": [1, 2]}, {"a": [1, 3]}, [("a[1]", 2, 3)]),
        ({"a": [1, 2]}, {"a": [2]}, [("a[-]", 1, None)]),
        ({"a": [2]}, {"a": [1, 2]}, [("a[+]", None, 1)]),
        ({"a": '{"b": [1]}'}, {"a": '{"b":[2]}'}, [("a.b[0]", 1, 2)]),
        ({"a": '{"b": 1}'}, {"a": '{"b":1}'}, []),
        ({"a": "{x}"}, {"a": "{y}"}, [("a", "{x}", "{y}")]),
        ({"a": "1"}, {"a": ["1"]}, [("a", "1", ["1"])]),
    ],
)
def test_differences_are_found_where_they_are(before: Any, after: Any, expected: Any) -> None:
    assert [(change.path, change.before, change.after) for change in compared(before, after)] == expected
