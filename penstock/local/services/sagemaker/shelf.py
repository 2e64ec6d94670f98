"""Resources of one kind by name, and AWS's words for a name that is taken or not there."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from penstock.local.service import AwsError

Item = TypeVar("Item")


class Shelf(Generic[Item]):
    """The resources of one kind; names that differ in case only are the same."""

    def __init__(self, what: str, arn: Callable[[str], str], lock: threading.RLock) -> None:
        self._what = what
        self._arn = arn
        self._lock = lock
        self._items: dict[str, Item] = {}

    def check_free(self, name: str) -> None:
        """Refuse a name that is taken.

        Raises:
            AwsError: ValidationException.
        """
        with self._lock:
            if name.lower() in self._items:
                raise AwsError(
                    "ValidationException", f'Cannot create already existing {self._what} "{self._arn(name)}".'
                )

    def add(self, name: str, item: Item) -> None:
        """Put a new resource on the shelf; `check_free` first, outside the lock, spares long checks in vain.

        Raises:
            AwsError: ValidationException, the name is taken.
        """
        with self._lock:
            self.check_free(name)
            self._items[name.lower()] = item

    def get(self, name: str) -> Item:
        """Return a resource.

        Raises:
            AwsError: ValidationException, there is none of this name.
        """
        with self._lock:
            if name.lower() not in self._items:
                raise AwsError("ValidationException", f'Could not find {self._what} "{self._arn(name)}".')
            return self._items[name.lower()]

    def remove(self, name: str) -> Item:
        """Take a resource off the shelf.

        Raises:
            AwsError: ValidationException, there is none of this name.
        """
        with self._lock:
            item = self.get(name)
            del self._items[name.lower()]
            return item

    def all(self) -> list[Item]:
        """Return every resource."""
        with self._lock:
            return list(self._items.values())
