from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from penstock.local.services.sagemaker import logs
from penstock.local.services.sagemaker.logs import LogStream


def follow(world: Any, file: Path) -> LogStream:
    return LogStream(world.clients.operator("logs"), group="/group", stream="stream", file=file)


def test_lines_are_sent_while_the_program_runs(world: Any, until: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(logs, "_PERIOD_SECONDS", 0.01)
    stream = follow(world, tmp_path / "log")
    with (tmp_path / "log").open("w", buffering=1) as log:
        log.write("first\nhal")
        until(lambda: groups(world) and world.messages("/group") == ["first"])
        log.write("f\n\nsecond")
    stream.close()
    assert world.messages("/group") == ["first", "half", "second"]


def test_a_program_that_says_nothing_has_no_stream(world: Any, tmp_path: Path) -> None:
    follow(world, tmp_path / "log").close()
    assert groups(world) == []


def test_many_lines_are_all_sent(world: Any, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("".join(f"{number}\n" for number in range(2500)))
    follow(world, tmp_path / "log").close()
    events = world.clients.operator("logs").get_paginator("filter_log_events").paginate(logGroupName="/group")
    assert sum(len(page["events"]) for page in events) == 2500


def test_a_role_without_permission_has_no_logs(tmp_path: Path, world: Any, caplog: Any) -> None:
    class Denied:
        exceptions = world.clients.operator("logs").exceptions

        def create_log_group(self, **_: Any) -> None:
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "CreateLogGroup")

        create_log_stream = create_log_group

    (tmp_path / "log").write_text("line\n")
    LogStream(Denied(), group="/group", stream="stream", file=tmp_path / "log").close()
    assert "stream has no CloudWatch Logs" in caplog.text
    assert "AccessDeniedException" in caplog.text


def groups(world: Any) -> list[dict[str, Any]]:
    return list(world.clients.operator("logs").describe_log_groups()["logGroups"])
