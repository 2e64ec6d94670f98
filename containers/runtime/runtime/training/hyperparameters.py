"""The hyperparameters: SageMaker passes every one of them as text."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.errors import TrainingError, quoted
from runtime.values import is_numeric

PROBLEMS = ("regression", "binary", "multiclass")
SPLIT_METHODS = ("hash", "random", "ordered", "none")
NON_FINITE = ("refuse", "missing")
KINDS = ("number", "category")
LARGEST_SEED = 2**32 - 1
# What a tuning job adds to the hyperparameters of its training jobs.
_OF_TUNING = "_tuning_objective_metric"


@dataclass(frozen=True)
class Rule:
    """How one hyperparameter is read: `parse` raises ValueError for what is not `allowed`."""

    parse: Callable[[str], Any]
    allowed: str
    default: Any = None
    required: bool = False


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
class Hyperparameters:
    """Everything that a training job is told.

    `columns` maps names to kinds, None when they are to be inferred; `non_finite` is what the model that is served does
    with NaN and infinity; `own` are the container's own hyperparameters.
    """

    problem: str
    target: str
    columns: Mapping[str, str] | None
    minimum_rows: int
    split: Split
    non_finite: str
    own: Mapping[str, Any]


def read_hyperparameters(path: Path, own: Mapping[str, Rule]) -> Hyperparameters:
    """Read and check `hyperparameters.json`, by the rules that all containers share and the container's own.

    Raises:
        TrainingError: naming every hyperparameter that is unknown, missing or wrong.
    """
    given, rules = _read_json(path), {**_RULES, **own}
    values: dict[str, Any] = {}
    unknown = [name for name in given if name not in rules and name != _OF_TUNING]
    problems = [f"{name} is unknown; known: {', '.join(rules)}" for name in unknown]
    for name, rule in rules.items():
        try:
            values[name] = rule.parse(_text(given[name])) if name in given else rule.default
        except (TypeError, ValueError, RecursionError):
            problems.append(f"{name} is {quoted(str(given[name]))}; allowed: {rule.allowed}")
        if rule.required and name not in given:
            problems.append(f"{name} is missing; allowed: {rule.allowed}")
    if problems:
        raise TrainingError(f"Correct the hyperparameters: {'. '.join(problems)}.")
    return _assemble(values, own)


def whole(minimum: int, maximum: float = math.inf) -> Callable[[str], int]:
    """Read a whole number from `minimum` to `maximum`."""

    def parse(text: str) -> int:
        if not re.fullmatch("[0-9]{1,18}", text) or not minimum <= int(text) <= maximum:
            raise ValueError(text)
        return int(text)

    return parse


def real(minimum: float, maximum: float) -> Callable[[str], float]:
    """Read a number from `minimum` to `maximum`."""

    def parse(text: str) -> float:
        if not is_numeric(text) or not minimum <= float(text) <= maximum:
            raise ValueError(text)
        return float(text)

    return parse


def one_of(*allowed: str) -> Callable[[str], str]:
    """Read one of these words."""

    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return parse


def share(text: str) -> float:
    """Read a share: above 0 and below 1."""
    if not is_numeric(text) or not 0 < float(text) < 1:
        raise ValueError(text)
    return float(text)


def seed(default: int = 0) -> Rule:
    """Return the rule of a seed."""
    return Rule(whole(0, LARGEST_SEED), f"a whole number from 0 to {LARGEST_SEED}", default)


def _assemble(values: dict[str, Any], own: Mapping[str, Rule]) -> Hyperparameters:
    target, columns = values["target"], values["columns"]
    if columns and target in columns:
        raise TrainingError(f"Take the target {quoted(target)} out of `columns`: those are what the model learns from.")
    # Who has put a share of the rows aside for validation has split them already.
    method = values["split_method"] if values["split_validation"] is None else "none"
    return Hyperparameters(
        problem=values["problem"],
        target=target,
        columns=columns,
        minimum_rows=values["minimum_rows"],
        split=Split(method, values["split_test"], values["split_seed"], values["split_key"]),
        non_finite=values["non_finite"],
        own={name: values[name] for name in own},
    )


def _read_json(path: Path) -> dict[str, Any]:
    try:
        given = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
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


def _share_or_none(text: str) -> float:
    return 0.0 if is_numeric(text) and float(text) == 0 else share(text)


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


_RULES = {
    "problem": Rule(one_of(*PROBLEMS), ", ".join(PROBLEMS), required=True),
    "target": Rule(_name, "the name of the column to predict", required=True),
    "columns": Rule(_columns, 'a JSON object such as {"Item_MRP": "number", "Outlet_Type": "category"}'),
    "minimum_rows": Rule(whole(1), "a whole number from 1", default=100),
    "split_method": Rule(one_of(*SPLIT_METHODS), ", ".join(SPLIT_METHODS), default="hash"),
    "split_validation": Rule(_share_or_none, "a share from 0, below 1"),
    "split_test": Rule(share, "a share above 0 and below 1", default=0.1),
    "split_seed": seed(),
    "split_key": Rule(_names, 'a JSON list of column names such as ["Item_Identifier"]', default=()),
    "non_finite": Rule(one_of(*NON_FINITE), ", ".join(NON_FINITE), default="refuse"),
}
