import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

Resource = dict[str, Any]
Template = dict[str, Any]
Find = Callable[[dict[str, Any], str], list[Resource]]

SPEC = {
    "problem": "regression",
    "data": {"target": "price"},
    "train": {"container": "forest"},
    "smoke_test": {"file": "smoke.csv"},
}
SCALED = {"minimum": 2, "maximum": 4, "invocations_per_instance": 600}
RANGES = {
    "n_estimators": {"type": "integer", "minimum": 10, "maximum": 100},
    "max_features": {"type": "continuous", "minimum": 0.1, "maximum": 1.0},
    "seed": {"type": "categorical", "values": [1, 2]},
}
# What there is beside bigmart's way: each pipeline has some of it. None takes a key out of SPEC.
VARIANTS: dict[str, dict[str, Any]] = {
    "serverless": {"deploy": {"kind": "serverless", "memory_mb": 3072, "max_concurrency": 7}},
    "async": {"deploy": {"kind": "async", "max_concurrent_per_instance": 4, "instances": SCALED}},
    "batch": {"deploy": {"kind": "batch", "batch": {"max_concurrent": 20}}, "smoke_test": None},
    "canary": {
        "deploy": {
            "instances": SCALED,
            "rollout": {"kind": "canary", "percent": 20, "bake_minutes": 10},
            "capture_percent": 30,
        }
    },
    "ab": {"deploy": {"ab": {"percent": 20}}},
    "shadow": {"deploy": {"shadow": {"percent": 40}}},
    "tuned-at-great-length": {"tune": {"ranges": RANGES}, "lock": "supersede"},
    "approval": {"approval": "manual", "approval_timeout_hours": 2, "gate": {"metric": "rmse", "at_most": 10}},
    "spark": {
        "process": {"engine": "spark", "instance_count": 2},
        "train": {"container": "forest", "spot": True, "instance_count": 2, "distribution": "sharded"},
    },
    "sklearn": {"process": {"image": "scikit-learn"}, "train": {"container": "forest", "keep_alive_minutes": 5}},
}


@pytest.fixture(scope="session")
def find() -> Find:
    """Return the properties of every resource of a type."""

    def properties(template: dict[str, Any], type_: str) -> list[Resource]:
        return [item["Properties"] for item in template["Resources"].values() if item["Type"] == type_]

    return properties


@pytest.fixture(scope="session")
def statements(find: Find) -> Callable[[dict[str, Any]], list[dict[str, Any]]]:
    """Return every statement of every IAM policy, with the description of its policy."""

    def read(template: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for policy in find(template, "AWS::IAM::ManagedPolicy"):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield {**statement, "policy": policy["Description"]}

    return lambda template: list(read(template))


@pytest.fixture(scope="session")
def templates(
    root: Path,
    pipeline_template: Template,
    tmp_path_factory: pytest.TempPathFactory,
    synthesise_once: Callable[[Path, str], Path],
    templates_in: Callable[[Path], dict[str, Template]],
) -> dict[str, Template]:
    """The templates of bigmart and of every variant, by name."""
    project = tmp_path_factory.mktemp("variants")
    for name in ("app.py", "containers", "lambda"):
        (project / name).symlink_to(root / name)
    (project / "environments.yaml").write_text("dev: {region: us-east-1}\n")
    for name, own in VARIANTS.items():
        folder = project / "pipelines" / name
        folder.mkdir(parents=True)
        spec = {key: value for key, value in {"name": name, **SPEC, **own}.items() if value is not None}
        (folder / "pipeline.yaml").write_text(json.dumps(spec))
        (folder / "smoke.csv").write_text("area\n1\n")
        (folder / "process.py").write_text("def process(frame):\n    return frame\n")
    made = templates_in(synthesise_once(project, "variants.out"))
    return {"bigmart": pipeline_template, **{name: made[f"dev/{name}"] for name in VARIANTS}}


@pytest.fixture(scope="session")
def definitions(
    templates: dict[str, Template], definition_in: Callable[[Template], dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The definitions of their state machines."""
    return {name: definition_in(template) for name, template in templates.items()}
