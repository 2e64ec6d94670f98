"""A run that failed goes on, in a cloud that stays."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(name="failed", scope="module")
def _failed(cloud: Any, records: Path, penstock: Any) -> str:
    """A run whose training failed."""
    run = penstock(
        *("local", "run", "bigmart", "--data", str(records), "--json", "--fault", "fail=training"),
        *("--set", "train.hyperparameters.n_estimators=5"),
        **cloud.variables,
    )
    assert run.code == 1, run.said
    return str(run.result["execution"])


def test_it_goes_on_where_it_failed_with_the_lines_of_a_run(cloud: Any, failed: str, penstock: Any) -> None:
    ended = penstock("redrive", "bigmart", "--json", **cloud.variables)
    assert ended.code == 0, ended.said
    assert f"bigmart · execution {failed} · redrive 1" in ended.said
    assert "✓ Train" in ended.said
    assert "✓ Prepare" not in ended.said
    assert (ended.result["execution"], ended.result["outcome"]) == (failed, "DEPLOYED")
    assert ended.result["model"].endswith("-r1")
    assert (Path(".penstock") / "runs" / f"{failed}-redrive-1" / "history.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Nothing to redrive: the last run of bigmart, {failed}, is SUCCEEDED."),
        (["--execution", "nope"], "bigmart has no run nope in this cloud."),
        (
            ["--execution", "{failed}"],
            "Run {failed} cannot be redriven: Execution is SUCCEEDED and cannot be redriven.",
        ),
        (["--environment", "nowhere"], "There is no environment 'nowhere'."),
    ],
)
def test_what_cannot_be_redriven_is_one_message(
    cloud: Any, failed: str, penstock: Any, arguments: list[str], message: str
) -> None:
    given = [argument.format(failed=failed) for argument in arguments]
    ended = penstock("redrive", "bigmart", *given, "--json", **cloud.variables)
    assert ended.code == 1
    assert ended.result["error"].startswith(message.format(failed=failed))
    assert "Traceback" not in ended.said


def test_it_needs_a_cloud_that_stays(penstock: Any) -> None:
    ended = penstock("redrive", "bigmart")
    assert ended.code == 1
    assert "AWS_ENDPOINT_URL is not set." in ended.said
