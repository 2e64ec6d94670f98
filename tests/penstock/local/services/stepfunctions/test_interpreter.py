import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from penstock.errors import CloudError
from penstock.local.services.stepfunctions import amendments, interpreter


def test_a_name_that_is_not_there_to_patch_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "_REPLACED", (("eval.environment", "Environment.no_such_name", None),))
    with pytest.raises(
        CloudError, match=r"eval\.environment has no Environment\.no_such_name to patch: install moto=="
    ):
        interpreter._install.__wrapped__()


def test_another_version_of_moto_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "_MOTO", "4.0.0")
    with pytest.raises(CloudError, match=r"and 4\.0\.0 is needed"):
        interpreter._install.__wrapped__()


def test_the_interpreter_does_not_bring_in_all_of_ec2() -> None:
    code = (
        "import sys; from penstock.local.services.stepfunctions import interpreter; interpreter.install();"
        "sys.exit('moto.ec2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_who_begins_to_wait_after_the_end_does_not_wait() -> None:
    env = SimpleNamespace(program_state_event=threading.Event())
    amendments.for_good(lambda _env: None)(env)
    assert env.program_state_event.wait(0)
