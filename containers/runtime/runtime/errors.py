"""What the people who use the container can put right, as exceptions; each message begins with what to do."""

from collections.abc import Sequence

TEXT_LENGTH = 60
LIST_LENGTH = 20


class TrainingError(Exception):
    """The data or the hyperparameters do not allow a model; the message becomes the training job's failure reason."""


class ModelError(Exception):
    """The model that `serve` was given is not one that `train` wrote."""


class RequestError(Exception):
    """A request that cannot be answered, with the HTTP status that says so."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def quoted(text: str) -> str:
    """Quote text that somebody sent us, cut to a readable length; safe to print and to encode."""
    shown = text if len(text) <= TEXT_LENGTH else text[:TEXT_LENGTH] + "…"
    escaped = "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in shown)
    return f'"{escaped}"'


def listed(names: Sequence[str]) -> str:
    """List names for a message, as many as are still readable."""
    shown = ", ".join(quoted(name) for name in names[:LIST_LENGTH])
    return shown if len(names) <= LIST_LENGTH else f"{shown} and {len(names) - LIST_LENGTH} more"
