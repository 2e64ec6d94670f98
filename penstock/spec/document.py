"""A YAML file that was read: its values, their places, and the mistakes in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ValidationError

from penstock.spec.explain import explain
from penstock.spec.mistakes import Location, Mistake, UnreadableError, dotted
from penstock.spec.reader import Place, Reading
from penstock.spec.source import read_text

MAX_BYTES = 1024 * 1024
REFERENCE = "docs/pipeline.md describes what goes into it."
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """The values of a file and the mistakes noted in it; `wrong` holds the locations that a model refused."""

    file: str
    data: Mapping[str, Any]
    values: Mapping[Location, Place]
    keys: Mapping[Location, Place]
    mistakes: list[Mistake]
    wrong: set[Location] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path, file: str, *, reference: str = REFERENCE) -> Self:
        """Read a file; `file` is its name in messages, and `reference` says where its contents are described.

        Raises:
            UnreadableError: it is missing, too large, not UTF-8, not YAML, empty, or no mapping.
        """
        if not path.is_file():
            missing = "this is no file: a regular file is needed." if path.exists() else "there is no such file."
            raise UnreadableError(Mistake(file, 0, 0, missing, reference))
        reading = Reading(file, read_text(path, file, limit=MAX_BYTES))
        data = reading.read()
        if not isinstance(data, dict) or not data:
            message = "empty." if not data else "a mapping is needed, `key: value`."
            raise UnreadableError(Mistake(file, 1, 1, message, reference))
        return cls(file, data, reading.values, reading.keys, reading.mistakes)

    def parse(self, model: type[Model], prefix: Location = ()) -> Model | None:
        """Return the value at a location as a model; or None, with every mistake in it noted."""
        value: Any = self.data
        for part in prefix:
            value = value[part]
        try:
            return model.model_validate(value)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                in_key = detail["loc"][-1:] == ("[key]",)
                below = detail["loc"][:-1] if in_key else detail["loc"]
                location = (*prefix, *below)
                if detail["type"] == "missing" and location in self.keys:
                    continue  # its value is missing, which was noted when it was read
                if detail["type"] == "too_short" and detail["input"]:
                    continue  # all that is in it is wrong, which is noted item by item
                self.wrong.add(location)
                places = self.keys if in_key else self.values
                found = places[location].found if location in places else ""
                message, remedy = explain(detail, model, below, found)
                self.note(location, message, remedy, key=in_key or detail["type"] == "extra_forbidden")
            return None

    def get(self, *location: str, default: Any = None) -> Any:
        """Return a value that its model accepted, the default when it is not given, None when it is wrong."""
        value: Any = self.data
        for depth, part in enumerate(location, start=1):
            if location[:depth] in self.wrong:
                return None
            if part not in value:
                return default
            value = value[part]
        return value

    def note(self, location: Location, message: str, remedy: str = "", *, key: bool = False) -> None:
        """Note a mistake in a value, or in its key; in the nearest key or item of a list above when it is missing."""
        place = (self.keys if key else self.values).get(location)
        above = location
        while place is None:
            above = above[:-1]
            place = (self.keys.get(above) or self.values.get(above)) if above else Place(1, 1, "")
        self.mistakes.append(Mistake(self.file, place.line, place.column, f"{dotted(location)}: {message}", remedy))
