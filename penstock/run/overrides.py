"""What a run may set differently from the spec: the parts of an execution's input, written as KEY=VALUE."""

from collections.abc import Iterable

from penstock.errors import PenstockError
from penstock.local.service import JsonObject

_KEYS = "train.hyperparameters.NAME, train.instance_type, deploy.instance_type"


def parse(settings: Iterable[str]) -> JsonObject:
    """Return the execution's input for settings such as `train.hyperparameters.n_estimators=50`.

    Raises:
        PenstockError: every setting that is none, or that cannot be set for a run.
    """
    given: JsonObject = {}
    wrong = [setting for setting in settings if not _put(given, setting)]
    if wrong:
        refused = "\n".join(f"--set {setting}: cannot be set for a run." for setting in wrong)
        raise PenstockError(f"{refused}\nIt takes KEY=VALUE with one of these keys: {_KEYS}.")
    return given


def _put(given: JsonObject, setting: str) -> bool:
    key, equals, value = setting.partition("=")
    match key.split(".", 2):
        case [("train" | "deploy") as part, "instance_type"] if equals and value:
            given.setdefault(part, {})["instance_type"] = value
        case ["train", "hyperparameters", name] if equals and name:
            given.setdefault("train", {}).setdefault("hyperparameters", {})[name] = value
        case _:
            return False
    return True
