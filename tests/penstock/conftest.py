import fcntl
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from battery.project import make_project

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
    pipeline = tmp_path / "pipelines/bigmart"
    pipeline.mkdir(parents=True)
    (tmp_path / "environments.yaml").write_text("dev:\n  region: us-east-1\n")
    (pipeline / "pipeline.yaml").write_text(PIPELINE)
    (pipeline / "smoke.csv").write_text("Weight,Fat\n9.3,Low\n5.92,Regular\n")
    for name, programs in (("forest", ("serve", "train")), ("tabular", ("check", "process"))):
        container = tmp_path / "containers" / name
        container.mkdir(parents=True)
        for file in ("Dockerfile", "requirements.txt", "__main__.py"):
            (container / file).touch()
        for program in programs:
            (container / program).write_text("#!/bin/sh\n")
            (container / program).chmod(0o755)
    return tmp_path


@pytest.fixture(scope="session")
def tiny_project(tmp_path_factory: pytest.TempPathFactory, synthesise: Any, root: Path) -> Path:
    """A project with one pipeline, `tiny`, whose runs take less than a second; synthesised once, and a copy for each
    worker: a cloud keeps what it builds in its project.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    made = shared / "tiny"
    with (shared / "tiny.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "cdk.out" / "manifest.json").exists():
            app = synthesise(make_project(made, root), made / "cdk.out")
            assert app.returncode == 0, app.stderr
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("tiny") / "project"))
