"""The settings of a run, from `settings.json`: the hyperparameters, which are text, and what the spec asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tabular.errors import TabularError, quoted
from tabular.values import number

PROBLEMS = ("regression", "binary", "multiclass", "clustering", "anomaly")
SPLIT_METHODS = ("hash", "random", "ordered")
KINDS = ("number", "category")


@dataclass(frozen=True)
class Split:
    """How rows are put into parts: the shares of two, the seed, and the columns to take the hash of; empty for all."""

    method: str
    validation: float
    test: float
    seed: int
    key: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """What the commands need of a run's settings.

    `target` is empty for a problem without one; `columns` maps names to `number` or `category`, None when the kinds
    are to be inferred; `check` and `evaluate` are those sections of the spec.
    """

    problem: str
    target: str
    columns: Mapping[str, str] | None
    minimum_rows: int
    split: Split
    check: Mapping[str, Any]
    evaluate: Mapping[str, Any]

    @property
    def supervised(self) -> bool:
        """Whether every row needs a target."""
        return self.problem in ("regression", "binary", "multiclass")


def read_settings(folder: Path) -> Settings:
    """Read `settings.json` from a folder.

    Raises:
        TabularError: naming every setting that is missing or wrong.
    """
    path = folder / "settings.json"
    try:
        given = json.loads(path.read_text("utf-8"))
        texts = dict(given["hyperparameters"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TabularError(f"{path.name}: it is no settings file, {type(error).__name__}: {error}.") from error
    reader = _Reader(texts)
    settings = Settings(
        problem=reader.one_of("problem", PROBLEMS),
        target=str(texts.get("target", "")),
        columns=reader.columns(),
        minimum_rows=reader.whole("minimum_rows", 1),
        split=Split(
            method=reader.one_of("split_method", SPLIT_METHODS, "hash"),
            validation=reader.share("split_validation", 0.0),
            test=reader.share("split_test", 0.1),
            seed=reader.whole("split_seed", 0),
            key=reader.names("split_key"),
        ),
        check=given.get("check") or {},
        evaluate=given.get("evaluate") or {},
    )
    if settings.supervised and not settings.target:
        reader.mistakes.append(f"target is missing: {settings.problem} needs one")
    if settings.split.validation + settings.split.test >= 1:
        reader.mistakes.append("split_validation and split_test leave no row to train on: together they are below 1")
    if reader.mistakes:
        raise TabularError(f"Correct the hyperparameters: {'; '.join(reader.mistakes)}.")
    return settings


class _Reader:
    """Reads hyperparameters, and gathers what is wrong with them."""

    def __init__(self, texts: Mapping[str, Any]) -> None:
        self.texts = texts
        self.mistakes: list[str] = []

    def one_of(self, name: str, allowed: tuple[str, ...], default: str = "") -> str:
        text = str(self.texts.get(name, default))
        if text not in allowed:
            self._wrong(name, ", ".join(allowed))
        return text

    def whole(self, name: str, default: int) -> int:
        text = str(self.texts.get(name, default))
        if text.isascii() and text.isdecimal():
            return int(text)
        self._wrong(name, "a whole number from 0")
        return default

    def share(self, name: str, default: float) -> float:
        value = number(str(self.texts.get(name, default)))
        if value is not None and 0 <= value < 1:
            return value
        self._wrong(name, "a share from 0, below 1")
        return default

    def columns(self) -> Mapping[str, str] | None:
        found = self._json("columns")
        if found is None or (isinstance(found, dict) and found and all(kind in KINDS for kind in found.values())):
            return found
        self._wrong("columns", 'a JSON object such as {"Item_MRP": "number", "Outlet_Type": "category"}')
        return None

    def names(self, name: str) -> tuple[str, ...]:
        found = self._json(name)
        if found is None:
            return ()
        if isinstance(found, list) and found and all(isinstance(each, str) for each in found):
            return tuple(found)
        self._wrong(name, 'a JSON list of column names such as ["Item_Identifier"]')
        return ()

    def _json(self, name: str) -> Any:
        try:
            return json.loads(self.texts[name]) if name in self.texts else None
        except (TypeError, ValueError):
            return ()

    def _wrong(self, name: str, allowed: str) -> None:
        found = f"{name} is {quoted(str(self.texts[name]))}" if name in self.texts else f"{name} is missing"
        self.mistakes.append(f"{found}; allowed: {allowed}")
