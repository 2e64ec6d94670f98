"""The hyperparameters: SageMaker passes every one of them as text."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forest.errors import TrainingError, quoted
from forest.values import is_numeric

PROBLEMS = ("regression", "binary", "multiclass")
SPLIT_METHODS = ("hash", "random", "ordered", "none")
KINDS = ("number", "category")
# What a tuning job adds to the hyperparameters of its training jobs.
_OF_TUNING = "_tuning_objective_metric"


@dataclass(frozen=True)
class Split:
    """How the hold-out part is chosen: `test` is its share, `key` the columns to take the hash of; empty for all.

    The method `none` holds nothing out: the rows to judge by are elsewhere.
    """

    method: str
    test: float
    seed: int
    key: tuple[str, ...]


@dataclass(frozen=True)
class Forest:
    """The forest's own hyperparameters, in scikit-learn's terms."""

    n_estimators: int
    min_samples_leaf: int
    max_features: float | str
    max_depth: int | None
    seed: int


@dataclass(frozen=True)
class Hyperparameters:
    """Everything that a training job is told; `columns` maps names to kinds, None when they are to be inferred."""

    problem: str
    target: str
    columns: dict[str, str] | None
    minimum_rows: int
    split: Split
    forest: Forest


@dataclass(frozen=True)
class _Rule:
    """How one hyperparameter is read: `parse` raises ValueError for what is not `allowed`."""

    parse: Callable[[str], Any]
    allowed: str
    default: Any = None
    required: bool = False


def read_hyperparameters(path: Path) -> Hyperparameters:
    """Read and check `hyperparameters.json`.

    Raises:
        TrainingError: naming every hyperparameter that is unknown, missing or wrong.
    """
    given = _read_json(path)
    values: dict[str, Any] = {}
    unknown = [name for name in given if name not in _RULES and name != _OF_TUNING]
    problems = [f"{name} is unknown; known: {', '.join(_RULES)}" for name in unknown]
    for name, rule in _RULES.items():
        try:
            values[name] = rule.parse(_text(given[name])) if name in given else rule.default
        except (TypeError, ValueError):
            problems.append(f"{name} is {quoted(str(given[name]))}; allowed: {rule.allowed}")
        if rule.required and name not in given:
            problems.append(f"{name} is missing; allowed: {rule.allowed}")
    if problems:
        raise TrainingError(f"Correct the hyperparameters: {'. '.join(problems)}.")
    return _assemble(values)


def _assemble(values: dict[str, Any]) -> Hyperparameters:
    target, columns = values["target"], values["columns"]
    if columns and target in columns:
        raise TrainingError(f"Take the target {quoted(target)} out of `columns`: those are what the model learns from.")
    return Hyperparameters(
        problem=values["problem"],
        target=target,
        columns=columns,
        minimum_rows=values["minimum_rows"],
        split=_split(values),
        forest=Forest(
            n_estimators=values["n_estimators"],
            min_samples_leaf=values["min_samples_leaf"],
            max_features=values["max_features"],
            max_depth=values["max_depth"],
            seed=values["seed"],
        ),
    )


def _split(values: dict[str, Any]) -> Split:
    """Return how to split; who has put a share of the rows aside for validation has split them already."""
    method = values["split_method"] if values["split_validation"] is None else "none"
    return Split(method, values["split_test"], values["split_seed"], values["split_key"])


def _read_json(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise TrainingError(f"Write {path.name} as a JSON object: {error}.") from error
    if not isinstance(given, dict):
        raise TrainingError(f"Write {path.name} as a JSON object: it is {quoted(json.dumps(given))}.")
    return given


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _name(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


def _whole(minimum: int, maximum: float = math.inf) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch("[0-9]{1,18}", text) or not minimum <= int(text) <= maximum:
            raise ValueError(text)
        return int(text)

    return parse


def _share(text: str) -> float:
    if not is_numeric(text) or not 0 < float(text) < 1:
        raise ValueError(text)
    return float(text)


def _share_or_none(text: str) -> float:
    return 0.0 if is_numeric(text) and float(text) == 0 else _share(text)


def _max_features(text: str) -> float | str:
    if text in ("sqrt", "log2"):
        return text
    return 1.0 if is_numeric(text) and float(text) == 1 else _share(text)


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return parse


def _columns(text: str) -> dict[str, str]:
    columns = json.loads(text)
    if not isinstance(columns, dict) or not columns or any(kind not in KINDS for kind in columns.values()):
        raise ValueError(text)
    return columns


def _names(text: str) -> tuple[str, ...]:
    names = json.loads(text)
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise ValueError(text)
    return tuple(names)


_SEED = _Rule(_whole(0, 2**32 - 1), "a whole number from 0 to 4294967295", default=0)
_RULES = {
    "problem": _Rule(_one_of(*PROBLEMS), ", ".join(PROBLEMS), required=True),
    "target": _Rule(_name, "the name of the column to predict", required=True),
    "columns": _Rule(_columns, 'a JSON object such as {"Item_MRP": "number", "Outlet_Type": "category"}'),
    "minimum_rows": _Rule(_whole(1), "a whole number from 1", default=100),
    "split_method": _Rule(_one_of(*SPLIT_METHODS), ", ".join(SPLIT_METHODS), default="hash"),
    "split_validation": _Rule(_share_or_none, "a share from 0, below 1"),
    "split_test": _Rule(_share, "a share above 0 and below 1", default=0.1),
    "split_seed": _SEED,
    "split_key": _Rule(_names, 'a JSON list of column names such as ["Item_Identifier"]', default=()),
    "n_estimators": _Rule(_whole(1), "a whole number from 1", default=100),
    # Leaves of 25 rows and half of the columns at each split: on noisy tables better than full depth, and a fast model.
    "min_samples_leaf": _Rule(_whole(1), "a whole number from 1", default=25),
    "max_features": _Rule(_max_features, "sqrt, log2 or a share of the columns above 0, at most 1", default=0.5),
    "max_depth": _Rule(_whole(1), "a whole number from 1", default=None),
    "seed": _SEED,
}
