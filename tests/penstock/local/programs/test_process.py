import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from penstock.local.programs.process import Process

ENV = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
# Starts a child in its own group and a daemon in a session of its own; all three write their process ids.
FAMILY = """
echo $$ > program.pid
sleep 60 & echo $! > child.pid
python3 - <<'PYTHON'
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open("daemon.part", "w").write(str(os.getpid()))
        os.rename("daemon.part", "daemon.pid")
        time.sleep(60)
    os._exit(0)
PYTHON
while [ ! -e daemon.pid ]; do sleep 0.01; done
"""
HOST = """
import sys, time
from pathlib import Path
from penstock.local.programs.process import Process
folder = Path(sys.argv[1])
process = Process.start(["sh", "family.sh"], env={"PATH": sys.argv[2]}, cwd=folder, log=folder / "log")
(folder / "outer.pid").write_text(str(process.pid))
time.sleep(60)
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Process]]:
    started: list[Process] = []

    def start(script: str) -> Process:
        started.append(Process.start(["sh", "-c", script], env=ENV, cwd=tmp_path, log=tmp_path / "log"))
        return started[-1]

    yield start
    for process in started:
        process.stop(0)


def soon(condition: Callable[[], object], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def runs(pid: int) -> bool:
    """A zombie whose parent is gone has ended too: some containers' first process never collects it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return sys.platform != "linux"


def read_pid(path: Path) -> int:
    assert soon(lambda: path.exists() and path.read_text().strip())
    return int(path.read_text())


def family(folder: Path) -> list[int]:
    return [read_pid(folder / f"{name}.pid") for name in ("program", "child", "daemon")]


def ended(pids: list[int]) -> bool:
    return soon(lambda: not any(runs(pid) for pid in pids))


def test_the_exit_code_is_the_programs(start: Callable[[str], Process]) -> None:
    assert start("exit 7").wait() == 7


def test_a_signal_gives_dockers_exit_code(start: Callable[[str], Process]) -> None:
    assert start("kill -9 $$").wait() == 137


@pytest.mark.parametrize(("program", "code"), [("no-such-program", 127), ("/etc/passwd", 126)])
def test_a_program_that_cannot_be_started_gives_dockers_exit_code(tmp_path: Path, program: str, code: int) -> None:
    process = Process.start([program], env=ENV, cwd=tmp_path, log=tmp_path / "log")
    assert process.wait() == code
    assert program in (tmp_path / "log").read_text()


def test_output_and_errors_are_added_to_the_log(start: Callable[[str], Process], tmp_path: Path) -> None:
    (tmp_path / "log").write_text("before\n")
    start("echo out; echo err >&2").wait()
    assert (tmp_path / "log").read_text() == "before\nout\nerr\n"


def test_standard_input_is_empty(start: Callable[[str], Process]) -> None:
    assert start("cat").wait(timeout=10) == 0


def test_the_environment_is_the_given_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    env = ENV | {"MINE": "1"}
    Process.start(["env"], env=env, cwd=tmp_path, log=tmp_path / "log").wait()
    assert dict(line.split("=", 1) for line in (tmp_path / "log").read_text().splitlines()) == env


def test_waiting_gives_none_while_it_runs(start: Callable[[str], Process]) -> None:
    process = start("sleep 60")
    assert process.wait(timeout=0.01) is None
    assert process.poll() is None


def test_it_may_end_by_itself_when_told_to_stop(start: Callable[[str], Process], tmp_path: Path) -> None:
    process = start('trap "exit 3" TERM; touch ready; while :; do sleep 0.01; done')
    assert soon((tmp_path / "ready").exists)
    assert process.stop(30) == 3


def test_it_is_killed_when_the_grace_is_over(start: Callable[[str], Process], tmp_path: Path) -> None:
    process = start('trap "" TERM; touch ready; while :; do sleep 0.01; done')
    assert soon((tmp_path / "ready").exists)
    assert process.stop(0.1) == 137


def test_a_shorter_grace_overtakes_a_longer_one(start: Callable[[str], Process], tmp_path: Path) -> None:
    process = start('trap "" TERM; touch ready; while :; do sleep 0.01; done')
    assert soon((tmp_path / "ready").exists)
    patient = threading.Thread(target=process.stop, args=(60,))
    patient.start()
    assert process.stop(0.1) == 137
    patient.join(timeout=5)
    assert not patient.is_alive()


def test_stopping_what_has_ended_gives_its_code(start: Callable[[str], Process]) -> None:
    process = start("exit 4")
    process.wait()
    assert process.stop(1) == 4


def test_all_that_a_program_started_ends_with_it(start: Callable[[str], Process], tmp_path: Path) -> None:
    process = start(FAMILY)
    process.wait(timeout=10)
    pids = family(tmp_path)
    assert not any(runs(pid) for pid in pids)


def test_all_that_a_program_started_ends_when_it_is_stopped(start: Callable[[str], Process], tmp_path: Path) -> None:
    process = start(FAMILY + "sleep 60")
    pids = family(tmp_path)
    process.stop(0.1)
    assert not any(runs(pid) for pid in pids)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is no way to find what left the process group")
@pytest.mark.parametrize("guard", ["outer", "inner"])
def test_all_ends_when_a_guard_is_killed(start: Callable[[str], Process], tmp_path: Path, guard: str) -> None:
    process = start(FAMILY + "echo $PPID > inner.pid; sleep 60")
    pids = family(tmp_path)
    os.kill(process.pid if guard == "outer" else read_pid(tmp_path / "inner.pid"), signal.SIGKILL)
    assert process.wait(timeout=10) == 137
    assert ended(pids)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_all_ends_when_the_host_is_ended(tmp_path: Path, how: signal.Signals) -> None:
    (tmp_path / "family.sh").write_text(FAMILY + "sleep 60")
    host = subprocess.Popen([sys.executable, "-c", HOST, tmp_path, ENV["PATH"]], stderr=subprocess.DEVNULL)
    try:
        pids = [*family(tmp_path), read_pid(tmp_path / "outer.pid")]
        host.send_signal(how)
        host.wait(timeout=10)
        assert ended(pids)
    finally:
        host.kill()
        host.wait()


def test_one_program_does_not_hold_the_lifeline_of_another(tmp_path: Path) -> None:
    first = Process.start(["sleep", "60"], env=ENV, cwd=tmp_path, log=tmp_path / "log")
    second = Process.start(["sleep", "60"], env=ENV, cwd=tmp_path, log=tmp_path / "log")
    try:
        first._lifeline.close()  # what the end of the cloud does
        assert first.wait(timeout=10) == 143
        assert second.poll() is None
    finally:
        second.stop(0)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_a_program_has_no_descriptors_but_its_own(start: Callable[[str], Process], tmp_path: Path) -> None:
    start("sleep 60")
    with (tmp_path / "other").open("w"):
        start("ls /proc/self/fd > descriptors").wait()
    assert (tmp_path / "descriptors").read_text().split() == ["0", "1", "2", "3"]  # 3 is the listing itself


def test_a_program_may_write_no_larger_file_than_it_is_allowed(tmp_path: Path) -> None:
    script = "for size in 1024, 4097:\n with open(str(size), 'w') as file: file.write('x' * size)"
    argv = [sys.executable, "-c", script]
    process = Process.start(argv, env=ENV, cwd=tmp_path, log=tmp_path / "log", file_bytes=4096)
    assert process.wait() == 1
    assert (tmp_path / "1024").stat().st_size == 1024
    assert "File too large" in (tmp_path / "log").read_text()
