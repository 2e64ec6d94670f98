"""Checks of what a user may write freely: how long it is, and that it stays as it is."""

from collections.abc import Iterator, Mapping
from typing import Any

from penstock.spec.document import Document
from penstock.spec.mistakes import Location, quoted

MAX_VALUE = 2_500  # SageMaker's limit for the value of a hyperparameter

_FREE = (("data",), ("check", "columns"), ("tune", "ranges"), ("train", "hyperparameters"))


def check_texts(document: Document) -> None:
    """Note what would not stay as it is: these texts are part of the state machine's definition."""
    for section in _FREE:
        for location, text, in_key in _texts(document, section, document.get(*section)):
            if "${" in text or text.startswith("{%"):
                message = (
                    f"{quoted(text)} has ${{ in it or begins with {{%; a state machine's definition would replace it."
                )
                document.note(location, message, "Choose another.", key=in_key)


def _texts(document: Document, location: Location, value: Any) -> Iterator[tuple[Location, str, bool]]:
    """Yield every text at a location that a model accepted: where it is, what, and whether it is a key."""
    if location in document.wrong:
        return
    if isinstance(value, str):
        yield location, value, False
    elif isinstance(value, Mapping):
        for name, below in value.items():
            yield (*location, name), name, True
            yield from _texts(document, (*location, name), below)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _texts(document, (*location, index), item)
