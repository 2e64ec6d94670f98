"""The JSON Schemas of pipeline.yaml and environments.yaml, for editors; `make snapshots` writes them to docs/schema."""

from typing import Any

from penstock.spec.environment import MAX_NAME, Environment
from penstock.spec.fields import ENVIRONMENT
from penstock.spec.pipeline import PipelineFile

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def pipeline_schema() -> dict[str, Any]:
    """Return the schema of pipeline.yaml."""
    return {"$schema": DIALECT, **_tidy(PipelineFile.model_json_schema()), "title": "pipeline.yaml"}


def environments_schema() -> dict[str, Any]:
    """Return the schema of environments.yaml: a mapping of names to environments."""
    return {
        "$schema": DIALECT,
        "title": "environments.yaml",
        "description": "The environments that every pipeline is deployed to, by name.",
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": ENVIRONMENT, "maxLength": MAX_NAME},
        "additionalProperties": _tidy(Environment.model_json_schema()),
    }


def _tidy(schema: Any) -> Any:
    """Drop what only Python knows: titles made of names, and the null of optional keys, which the files never hold."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _tidy(value) for key, value in schema.items() if key != "title" and (key, value) != ("default", None)}
    options = kept.pop("anyOf", [])
    kept_options = [option for option in options if option != {"type": "null"}]
    if len(kept_options) == 1:
        return {**kept_options[0], **kept}
    return {**kept, "anyOf": kept_options} if kept_options else kept
