"""A run that failed goes on, in a cloud that stays."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(name="cloud", scope="module")
def _cloud(tiny_cloud: Any) -> Any:
    return tiny_cloud


@pytest.fixture(name="failed", scope="module")
def _failed(cloud: Any, tiny_records: Path) -> str:
    """A run whose training failed."""
    run = cloud.run(tiny_records, fault="fail=training")
    assert run.code == 1, run.said
    return str(run.result["execution"])


def test_it_goes_on_where_it_failed_with_the_lines_of_a_run(cloud: Any, failed: str) -> None:
    ended = cloud.command("redrive", "tiny", "--json")
    assert ended.code == 0, ended.said
    assert f"tiny · execution {failed} · redrive 1" in ended.said
    assert "✓ Train" in ended.said
    assert "✓ Prepare" not in ended.said
    assert (ended.result["execution"], ended.result["outcome"]) == (failed, "DEPLOYED")
    assert ended.result["model"].endswith("-r1")
    assert (cloud.root / ".penstock" / "runs" / f"{failed}-redrive-1" / "history.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Nothing to redrive: the last run of tiny, {failed}, is SUCCEEDED."),
        (["--execution", "nope"], "tiny has no run nope in this cloud."),
        (
            ["--execution", "{failed}"],
            "Run {failed} cannot be redriven: Execution is SUCCEEDED and cannot be redriven.",
        ),
        (["--environment", "nowhere"], "There is no environment 'nowhere'."),
    ],
)
def test_what_cannot_be_redriven_is_one_message(cloud: Any, failed: str, arguments: list[str], message: str) -> None:
    given = [argument.format(failed=failed) for argument in arguments]
    ended = cloud.command("redrive", "tiny", *given, "--json")
    assert ended.code == 1
    assert ended.result["error"].startswith(message.format(failed=failed))
    assert "Traceback" not in ended.said


def test_a_run_that_a_fail_state_has_ended_is_not_redriven(cloud: Any, failed: str, tiny_records: Path) -> None:
    run = cloud.run(tiny_records, fault="endpoint=RollingBack:update,seconds=0")
    assert (run.code, run.result["execution"] != failed) == (1, True), run.said
    ended = cloud.command("redrive", "tiny", "--json")
    assert ended.code == 1
    assert ended.result["error"] == (
        f"Run {run.result['execution']} cannot go on: it ended at Rolled back, which decides that the run has failed."
        " Start another run: `penstock local run tiny`."
    )


def test_it_needs_a_cloud_that_stays(penstock: Any) -> None:
    ended = penstock("redrive", "bigmart")
    assert ended.code == 1
    assert "AWS_ENDPOINT_URL is not set." in ended.said
