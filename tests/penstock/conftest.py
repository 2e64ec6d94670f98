from pathlib import Path

import pytest

PIPELINE = """\
name: bigmart
problem: regression
data:
  target: Sales
  columns: {Weight: number, Fat: category}
  minimum_rows: 1000
train:
  container: forest
  hyperparameters: {n_estimators: 100}
  instance_type: ml.m5.xlarge
gate: {metric: rmse, at_most: 1300}
deploy: {instance_type: ml.m5.large}
smoke_test: {file: smoke.csv, minimum: 0, maximum: 14000}
timeout_minutes: 180
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The root of a project with one valid pipeline and one environment; tests then spoil its files."""
    pipeline, container = tmp_path / "pipelines/bigmart", tmp_path / "containers/forest"
    pipeline.mkdir(parents=True)
    container.mkdir(parents=True)
    (tmp_path / "environments.yaml").write_text("dev:\n  region: us-east-1\n")
    (pipeline / "pipeline.yaml").write_text(PIPELINE)
    (pipeline / "smoke.csv").write_text("Weight,Fat\n9.3,Low\n5.92,Regular\n")
    for file in ("Dockerfile", "requirements.txt"):
        (container / file).touch()
    for program in ("serve", "train"):
        (container / program).write_text("#!/bin/sh\n")
        (container / program).chmod(0o755)
    return tmp_path
