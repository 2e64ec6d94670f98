"""Media types: what a request is in, and what its answer is to be in."""

from codecs import lookup
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from math import isnan

from runtime.errors import RequestError, quoted

# Others, such as idna, are slow to decode or are no encodings of text.
CHARSETS = ("utf-8", "ascii", "iso8859-1", "cp1252", "utf-16")


@dataclass(frozen=True)
class MediaType:
    """A type that a request may have; `charset` is Python's name for it."""

    name: str
    charset: str


@lru_cache(maxsize=64)
def media_type(header: str, known: tuple[str, ...]) -> MediaType:
    """Read a Content-Type header.

    Raises:
        RequestError: with status 415, if the type or its charset is not one that is known.
    """
    name, *parameters = (part.strip() for part in header.split(";"))
    if name.lower() not in known:
        given = f"the content type is {quoted(header)}" if header else "it has no content type"
        raise RequestError(f"Send {_either(known)}: {given}.", 415)
    charset = "utf-8"
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "charset":
            charset = value.strip().strip('"')
    try:
        found = lookup(charset).name
    except (LookupError, ValueError):
        found = ""
    if found not in CHARSETS:
        raise RequestError(f"Send the body in UTF-8: the charset {quoted(charset)} is not supported.", 415)
    return MediaType(name.lower(), found)


@lru_cache(maxsize=64)
def accepted(header: str, own: str, known: tuple[str, ...]) -> str:
    """Return the type that an Accept header likes best; of several the request's own, otherwise the first.

    Raises:
        RequestError: with status 406, if it likes none of them.
    """
    likings = [_liking(part) for part in header.split(",") if part.strip()]
    if not likings:
        return own
    weights = {name: _weight(name, likings) for name in known}
    best = max(weights.values())
    if best <= 0:
        raise RequestError(f"Accept {_either(known)}: {quoted(header)} has none of them.", 406)
    liked = [name for name in known if weights[name] == best]
    return own if own in liked else min(liked, key=lambda name: _place(name, likings))


def _liking(part: str) -> tuple[str, float]:
    """Take one element of an Accept header apart: a range of types, and its weight."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
    try:
        value = float(weight)
    except ValueError:
        value = 1.0
    return name, 1.0 if isnan(value) else min(max(value, 0.0), 1.0)


def _weight(name: str, likings: Collection[tuple[str, float]]) -> float:
    """Return the weight of a type: that of the most specific range that it is in."""
    ranges = dict(reversed(list(likings)))
    found = (ranges[each] for each in _ranges(name) if each in ranges)
    return next(found, 0.0)


def _place(name: str, likings: list[tuple[str, float]]) -> int:
    """Return where the header lists a type first."""
    ranges = _ranges(name)
    return next(place for place, (each, _) in enumerate(likings) if each in ranges)


def _ranges(name: str) -> tuple[str, str, str]:
    return name, f"{name.partition('/')[0]}/*", "*/*"


def _either(names: Collection[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}"
