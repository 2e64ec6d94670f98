"""Resources of one kind by name, and AWS's words for a name that is taken or not there."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context


class Kept(Protocol):
    """A resource that comes back with its cloud."""

    def record(self) -> JsonObject:
        """Return what the store keeps of it."""
        ...


Item = TypeVar("Item", bound=Kept)


class Shelf(Generic[Item]):
    """The resources of one kind; names that differ in case only are the same. The store keeps them.

    `kind` is that of their ARNs, such as endpoint-config, and `what` the words for them.
    """

    def __init__(self, context: Context, kind: str, what: str) -> None:
        self._context = context
        self._kind = kind
        self._what = what
        self._items: dict[str, Item] = {}

    def arn(self, name: str) -> str:
        """Return the ARN of a resource of this kind."""
        return self._context.arn(self._kind, name)

    def restore(self, made: Callable[[JsonObject], Item]) -> None:
        """Take up what the store has kept."""
        with self._context.lock:
            for name, record in self._context.store.all(self._records).items():
                self._items[name] = made(record)

    def check_free(self, name: str) -> None:
        """Refuse a name that is taken.

        Raises:
            AwsError: ValidationException.
        """
        with self._context.lock:
            if name.lower() in self._items:
                raise AwsError(
                    "ValidationException", f'Cannot create already existing {self._what} "{self.arn(name)}".'
                )

    def add(self, name: str, item: Item) -> None:
        """Put a new resource on the shelf; `check_free` first, outside the lock, spares long checks in vain.

        Raises:
            AwsError: ValidationException, the name is taken.
        """
        with self._context.lock:
            self.check_free(name)
            self._items[name.lower()] = item
            self.keep(name)

    def replace(self, name: str, item: Item) -> None:
        """Put a resource in the place of its former self."""
        with self._context.lock:
            self._items[name.lower()] = item
            self.keep(name)

    def keep(self, name: str) -> None:
        """Write a resource that has changed into the store, unless it has been removed."""
        with self._context.lock:
            if name.lower() in self._items:
                self._context.store.put(self._records, name.lower(), self._items[name.lower()].record())

    def get(self, name: str) -> Item:
        """Return a resource.

        Raises:
            AwsError: ValidationException, there is none of this name.
        """
        with self._context.lock:
            if name.lower() not in self._items:
                raise AwsError("ValidationException", f'Could not find {self._what} "{self.arn(name)}".')
            return self._items[name.lower()]

    def remove(self, name: str) -> Item:
        """Take a resource off the shelf.

        Raises:
            AwsError: ValidationException, there is none of this name.
        """
        with self._context.lock:
            item = self.get(name)
            del self._items[name.lower()]
            self._context.store.remove(self._records, name.lower())
            return item

    def all(self) -> list[Item]:
        """Return every resource."""
        with self._context.lock:
            return list(self._items.values())

    @property
    def _records(self) -> str:
        return f"sagemaker-{self._kind}"
