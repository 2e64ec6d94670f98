"""What a run may set differently from the spec: the parts of an execution's input, written as KEY=VALUE."""

from collections.abc import Iterable

from penstock.errors import PenstockError
from penstock.local.service import JsonObject
from penstock.spec.instances import instance_types
from penstock.spec.mistakes import suggestion

_KEYS = "train.hyperparameters.NAME, train.instance_type, deploy.instance_type"
_USES = {"train": "training", "deploy": "hosting"}


def parse(settings: Iterable[str]) -> JsonObject:
    """Return the execution's input for settings such as `train.hyperparameters.n_estimators=50`.

    Raises:
        PenstockError: every setting that is none, that cannot be set for a run, or that names no instance type.
    """
    given: JsonObject = {}
    problems = [f"--set {setting}: {problem}" for setting in settings if (problem := _put(given, setting))]
    if problems:
        raise PenstockError("\n".join(problems))
    return given


def _put(given: JsonObject, setting: str) -> str:
    """Put one setting where it belongs, or return what is wrong with it."""
    key, equals, value = setting.partition("=")
    match key.split(".", 2):
        case [("train" | "deploy") as part, "instance_type"] if equals and value:
            known = instance_types(_USES[part])
            if value not in known:
                return f"no SageMaker {_USES[part]} instance. {suggestion(value, known)}".rstrip()
            given.setdefault(part, {})["instance_type"] = value
        case ["train", "hyperparameters", name] if equals and name:
            given.setdefault("train", {}).setdefault("hyperparameters", {})[name] = value
        case _:
            return f"cannot be set for a run. It takes KEY=VALUE with one of these keys: {_KEYS}."
    return ""
