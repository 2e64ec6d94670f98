"""docs/pipeline.md has a row for each key: its name, its default and what the model says of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args, get_origin

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from penstock.spec.environment import Environment
from penstock.spec.metrics import as_text
from penstock.spec.pipeline import PipelineFile

PAGE = Path(__file__).parents[3] / "docs/pipeline.md"


def _rows(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for attribute, field in model.model_fields.items():
        name = field.alias or attribute
        section = next((part for part in _parts(field) if issubclass(part, BaseModel)), None)
        yield f"| `{prefix}{name}` | {_default(field, section)} | {field.description} |"
        if section:
            below = "NAME." if get_origin(field.annotation) is Mapping else ""
            yield from _rows(section, f"{prefix}{name}.{below}")


def _parts(field: FieldInfo) -> list[type]:
    return [part for part in (field.annotation, *get_args(field.annotation)) if isinstance(part, type)]


def _default(field: FieldInfo, section: type[BaseModel] | None) -> str:
    if field.is_required():
        return "required"
    return "" if field.default is None or section else f"`{as_text(field.default)}`"


@pytest.mark.parametrize("row", [*_rows(PipelineFile), *_rows(Environment)])
def test_row_of_key(row: str) -> None:
    assert row in PAGE.read_text(encoding="utf-8").splitlines()
