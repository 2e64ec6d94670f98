import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from penstock.errors import PenstockError
from penstock.run.execution import State
from penstock.run.kept import advised, log_of, recall

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_kept_run_is_recalled(tmp_path: Path, visit: Any, event: Any) -> None:
    told = [*visit("Train", 0, 1.5), event("ExecutionSucceeded", 2)]
    folder = tmp_path / "7c1f09ab"
    folder.mkdir()
    (folder / "definition.json").write_text('{"StartAt": "Train"}')
    (folder / "history.json").write_text(json.dumps(told, default=str))
    (folder / "cloud.json").write_text('{"speed": 2}')
    definition, run = recall(folder)
    assert definition == {"StartAt": "Train"}
    assert (run.name, run.status, run.states["Train"].seconds) == ("7c1f09ab", "SUCCEEDED", 0.75)
    with pytest.raises(PenstockError, match=r"^There is no run 5d02c1e9 in .*\. Kept: 7c1f09ab\. "):
        recall(tmp_path / "5d02c1e9")


@pytest.mark.parametrize(
    ("state", "last"),
    [
        (State("A", "Task", NOW, parameters={"TrainingJobName": "dev-p-1"}), "trained"),
        (State("A", "Task", NOW, parameters={"HyperParameterTuningJobName": "dev-p"}), "trained"),
        (State("A", "Task", NOW, parameters={"ProcessingJobName": "dev-p-check-1"}), "checked"),
        (State("A", "Task", NOW, parameters={"ProcessingJobName": "dev-p-process-1"}), None),  # it never began
        (State("A", "Task", NOW, resource="updateEndpoint"), "served"),
        (State("A", "Fail", NOW), "served"),
        (State("A", "Task", NOW, resource="invoke", parameters={"FunctionName": "f"}), None),
    ],
)
def test_a_failed_state_has_the_log_of_its_job(tmp_path: Path, state: State, last: str | None) -> None:
    logs = {"training-dev-p-1": "trained", "processing-dev-p-check-1": "checked", "endpoints-dev-p": "served"}
    for age, (name, text) in enumerate(logs.items()):
        path = tmp_path / f"sagemaker-{name}-x.log"
        path.write_text(f"1\n2\n3\n{text}\n")
        os.utime(path, (age, 100 - age))
    assert log_of(tmp_path, state) == (["2", "3", last] if last else [])


def test_what_a_report_advises_is_read(tmp_path: Path) -> None:
    (tmp_path / "failure.txt").write_text("head\n\nCause   C\nMeans   M\nServes  S\nDo      D\n")
    assert advised(tmp_path) == ["Means   M", "Do      D"]
    assert advised(tmp_path / "nowhere") == []
