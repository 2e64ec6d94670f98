import pytest

from runtime import RequestError
from runtime.serving.media import accepted, media_type

KNOWN = ("text/csv", "application/json", "application/x-npy")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/csv"),
        ("Text/CSV", "text/csv"),
        ("text/csv, application/x-npy", "text/csv"),
        ("application/x-npy, text/csv", "application/x-npy"),
        ("text/csv;q=0.5, application/x-npy;q=0.6", "application/x-npy"),
        ("text/csv;q=0.5, */*", "application/json"),
        ("*/*;q=0.5, text/csv", "text/csv"),
        ("*/*, application/json;q=0", "text/csv"),
        ("text/csv; charset=utf-8; q=1", "text/csv"),
        ("text/csv;q=nonsense", "text/csv"),
        ("text/csv;q=nan", "text/csv"),
        (", ,", "application/json"),
    ],
)
def test_the_type_that_is_liked_best_and_of_several_the_requests_own(header: str, found: str) -> None:
    assert accepted(header, "application/json", KNOWN) == found


@pytest.mark.parametrize("header", ["image/png", "*/*;q=0", "application/json;q=0", "text", "text/csv;q=-1", "csv/*"])
def test_none_of_ours(header: str) -> None:
    with pytest.raises(RequestError, match="Accept text/csv, application/json or application/x-npy: ") as caught:
        accepted(header, "text/csv", KNOWN)
    assert caught.value.status == 406


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/csv", "utf-8"),
        ('Text/CSV ; header=present; CHARSET="UTF-8"', "utf-8"),
        ("text/csv;charset=latin1", "iso8859-1"),
        ("text/csv;charset=windows-1252", "cp1252"),
    ],
)
def test_the_charset_of_a_type(header: str, charset: str) -> None:
    found = media_type(header, KNOWN)
    assert (found.name, found.charset) == ("text/csv", charset)
