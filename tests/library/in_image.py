"""Run by an image's own Python, in a container of it: trains and serves as SageMaker has it do, at the paths of there.

Whatever is not as it should be ends it with a traceback and an exit code other than 0. It imports the standard library
alone.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

BASE = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
PORT = "18080"
ROWS = 200
ENOUGH_SECONDS = 120
COMPILERS = ("cc", "gcc", "g++", "clang", "make")


def main() -> None:
    """Check what an image has and does."""
    assert [name for name in COMPILERS if shutil.which(name)] == []
    if shutil.which("train"):
        _train()
        _serve()
    else:
        program = sys.argv[1]
        subprocess.run([program, "--help"], check=True, stdout=subprocess.DEVNULL)


def _train() -> None:
    for folder in ("input/data/train", "input/config", "model", "output"):
        (BASE / folder).mkdir(parents=True, exist_ok=True)
    told = {"problem": "regression", "target": "y", "minimum_rows": "10"}
    (BASE / "input/config/hyperparameters.json").write_text(json.dumps(told))
    assert subprocess.run(["train"], check=False).returncode != 0, "trained on nothing"
    failure = BASE / "output/failure"
    assert 0 < len(failure.read_text()) <= 1024
    failure.unlink()
    chance = random.Random(0)  # noqa: S311
    rows = [f"{x},{chance.choice('ab')},{3 * x}" for x in range(ROWS)]
    (BASE / "input/data/train/rows.csv").write_text("\n".join(["x,kind,y", *rows]) + "\n")
    subprocess.run(["train"], check=True)
    assert any((BASE / "model").iterdir())


def _serve() -> None:
    server = subprocess.Popen(["serve"], env={**os.environ, "SAGEMAKER_BIND_TO_PORT": PORT, "BIND_HOST": "127.0.0.1"})
    try:
        deadline = time.monotonic() + ENOUGH_SECONDS
        while not _answers():
            assert server.poll() is None, "serve ended by itself"
            assert time.monotonic() < deadline, "/ping is not 200"
            time.sleep(0.1)
        request = urllib.request.Request(
            f"http://127.0.0.1:{PORT}/invocations",
            data=b"x,kind\n1,a\n100,b\n",
            headers={"Content-Type": "text/csv", "Accept": "text/csv"},
        )
        with urllib.request.urlopen(request) as answer:
            low, high = map(float, answer.read().split())
        assert low < high
        server.terminate()
        assert server.wait(25) == 0
    finally:
        server.kill()


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/ping") as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    main()
