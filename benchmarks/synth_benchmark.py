"""How long a warm `python app.py` takes, beside an empty Python CDK app in the same run."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
RUNS = 7
AT_MOST = 2.5
EMPTY_APP = """
import aws_cdk as cdk
app = cdk.App()
cdk.Stack(app, "Empty")
app.synth()
"""


def seconds(folder: Path, output: Path) -> float:
    """Run the app.py in `folder` once and return how long it took."""
    # Without the template validator, and with bytecode: as `penstock local run` does it.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "CDK_OUTDIR": str(output),
        "CDK_VALIDATION": "false",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }
    started = time.perf_counter()
    subprocess.run([sys.executable, "app.py"], cwd=folder, env=environment, check=True)
    return time.perf_counter() - started


def main() -> None:
    """Print both medians and their ratio; fail if the ratio is above the bound."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "app.py").write_text(EMPTY_APP)
        apps = {"an empty app": folder, "this project": ROOT}
        times: dict[str, list[float]] = {app: [] for app in apps}
        for run in range(RUNS + 1):  # the first warms up; then in turns, so that both see the same load
            for app, where in apps.items():
                taken = seconds(where, folder / f"{where.name}.out")
                times[app] += [taken] if run else []
    empty, ours = (median(runs) for runs in times.values())
    for app, runs in times.items():
        print(f"synth · {app:<14} {median(runs):6.2f} s  (median of {RUNS}: {min(runs):.2f} to {max(runs):.2f})")
    print(f"synth · ratio          {ours / empty:6.2f}    (at most {AT_MOST})")
    if ours / empty > AT_MOST:
        sys.exit(1)


if __name__ == "__main__":
    main()
