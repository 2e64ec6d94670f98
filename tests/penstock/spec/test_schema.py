import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from penstock.spec.reader import Reading
from penstock.spec.schema import environments_schema, pipeline_schema

ROOT = Path(__file__).parents[3]
SCHEMAS = {"pipeline": pipeline_schema(), "environments": environments_schema()}


def _json(path: Path) -> Any:
    """Return a YAML file as JSON has it."""
    return json.loads(json.dumps(Reading(path.name, path.read_text()).read()))


@pytest.mark.snapshot
@pytest.mark.parametrize("name", SCHEMAS)
def test_recorded_schema_is_up_to_date(name: str, pytestconfig: pytest.Config) -> None:
    path = ROOT / f"docs/schema/{name}.schema.json"
    if pytestconfig.getoption("update_snapshots"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(SCHEMAS[name], indent=2) + "\n")

    assert json.loads(path.read_text()) == SCHEMAS[name]


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_json_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])


def test_valid_files_fit_the_schemas(project: Path) -> None:
    jsonschema.validate(_json(project / "pipelines/bigmart/pipeline.yaml"), SCHEMAS["pipeline"])
    jsonschema.validate(_json(project / "environments.yaml"), SCHEMAS["environments"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"retrain": {}}, "'retrain' was unexpected"),
        ({"gate": None}, "None is not of type 'object'"),
        ({"problem": "guessing"}, "'guessing' is not one of"),
        ({"train": {"container": "forest", "instance_type": "ml.m5.huge"}}, "'ml.m5.huge' is not one of"),
        ({"timeout_minutes": "180"}, "'180' is not of type 'integer'"),
        ({"name": "a" * 25}, "is too long"),
        ({"check": {"drift": "some"}}, "'some' is not valid"),
        ({"tune": {"ranges": {}}}, "should be non-empty"),
        ({"deploy": {"kind": "lambda"}}, "'lambda' is not one of"),
        ({"evaluate": {"instance_type": "ml.m5.huge"}}, "'ml.m5.huge' is not one of"),
    ],
)
def test_editors_show_mistakes(project: Path, change: dict[str, Any], message: str) -> None:
    pipeline = _json(project / "pipelines/bigmart/pipeline.yaml") | change

    with pytest.raises(jsonschema.ValidationError, match=message):
        jsonschema.validate(pipeline, SCHEMAS["pipeline"])


def test_every_key_is_described() -> None:
    sections = [
        SCHEMAS["pipeline"],
        *SCHEMAS["pipeline"]["$defs"].values(),
        SCHEMAS["environments"]["additionalProperties"],
    ]

    keys = [item for section in sections for item in section["properties"].items()]
    assert [name for name, key in keys if not {"description", "$ref"} & key.keys()] == []
    assert [name for name, section in SCHEMAS["pipeline"]["$defs"].items() if "description" not in section] == []


def test_every_section_fits_the_schema(project: Path) -> None:
    pipeline = _json(project / "pipelines/bigmart/pipeline.yaml") | {
        "check": {"drift": "none", "columns": {"Fat": {"values": ["Low", 7]}}},
        "process": {"engine": "spark", "version": "3.5", "script": "process.py"},
        "tune": {
            "ranges": {"depth": {"type": "integer", "minimum": 1, "maximum": 9}},
            "warm_start": {"from": ["earlier"]},
        },
        "gate": {"metric": "rmse", "versus_champion": {"no_worse_than_percent": 2}},
        "deploy": {"instances": {"minimum": 2, "maximum": 4}, "rollout": {"kind": "canary"}, "ab": {}},
    }

    jsonschema.validate(pipeline, SCHEMAS["pipeline"])
