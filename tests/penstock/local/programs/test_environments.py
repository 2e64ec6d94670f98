import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from penstock.errors import CloudError
from penstock.local.programs.environments import built, environment, uv_variables

BUILD = """
import sys, time
from pathlib import Path
from penstock.local.programs.environments import built
def build(folder):
    folder.mkdir()
    (folder / "half").touch()
    time.sleep(60)
built(Path(sys.argv[1]), build)
"""


def test_a_folder_is_built_once_however_many_ask(tmp_path: Path) -> None:
    builds: list[Path] = []

    def build(folder: Path) -> None:
        builds.append(folder)
        folder.mkdir()
        time.sleep(0.05)
        (folder / "whole").touch()

    def ask() -> None:
        assert (built(tmp_path / "cache" / "x", build) / "whole").exists()

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert builds == [tmp_path / "cache" / "x"]


def test_what_a_failed_build_left_is_not_taken_for_ready(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        folder.mkdir()
        (folder / "half").touch()
        raise CloudError("no network")

    with pytest.raises(CloudError):
        built(tmp_path / "x", fail)
    folder = built(tmp_path / "x", Path.mkdir)
    assert not (folder / "half").exists()


def test_what_a_killed_build_left_is_not_taken_for_ready(tmp_path: Path) -> None:
    builder = subprocess.Popen([sys.executable, "-c", BUILD, tmp_path / "x"])
    while not (tmp_path / "x" / "half").exists():
        time.sleep(0.01)
    os.kill(builder.pid, signal.SIGKILL)
    builder.wait()
    folder = built(tmp_path / "x", Path.mkdir)
    assert not (folder / "half").exists()


def test_an_environment_without_packages_has_a_python(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").touch()
    folder = environment(tmp_path / "requirements.txt", tmp_path / "cache")
    code = "import sys; print(sys.prefix)"
    said = subprocess.run([folder / "bin" / "python3", "-c", code], capture_output=True, text=True, check=True)
    assert Path(said.stdout.strip()) == folder


def test_the_same_requirements_share_an_environment(tmp_path: Path) -> None:
    for name, content in {"a": "", "b": "", "c": "# another\n"}.items():
        (tmp_path / name).write_text(content)
    first, same, other = (environment(tmp_path / name, tmp_path / "cache") for name in "abc")
    assert first == same
    assert other != first


def test_a_package_that_cannot_be_installed_is_named(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"./nothing-1.0-py3-none-any.whl --hash=sha256:{hashlib.sha256().hexdigest()}\n")
    with pytest.raises(CloudError, match=r"requirements\.txt: its packages cannot be installed[\s\S]*nothing-1\.0"):
        environment(requirements, tmp_path / "cache")


def test_a_package_without_a_hash_is_refused(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("numpy==2.0.0\n")
    with pytest.raises(CloudError, match=r"`?--require-hashes`?"):
        environment(requirements, tmp_path / "cache")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CloudError, match=r"requirements\.txt: no such file"):
        environment(tmp_path / "requirements.txt", tmp_path / "cache")


def test_a_folder_of_wheels_that_pip_knows_is_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = tmp_path / "wheels/penstock_example-1.0+local-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("penstock_example.py", "")
        described = "penstock_example-1.0+local.dist-info"
        file.writestr(f"{described}/METADATA", "Metadata-Version: 2.1\nName: penstock-example\nVersion: 1.0+local\n")
        file.writestr(f"{described}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{described}/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    requirements = tmp_path / "requirements.txt"
    requirements.write_text(f"--no-index\npenstock-example==1.0+local --hash=sha256:{digest}\n")
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)
    monkeypatch.setenv("PIP_FIND_LINKS", f"{tmp_path}\n{wheel.parent}")
    folder = environment(requirements, tmp_path / "cache")
    assert subprocess.run([folder / "bin/python3", "-c", "import penstock_example"], check=False).returncode == 0


def test_what_uv_is_told_itself_comes_before_what_pip_is_told() -> None:
    assert uv_variables({"PIP_FIND_LINKS": "/pip", "UV_FIND_LINKS": "/uv"})["UV_FIND_LINKS"] == "/uv"
    assert "UV_FIND_LINKS" not in uv_variables({})
