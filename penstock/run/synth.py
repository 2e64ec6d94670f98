"""`cdk.out`: written by app.py, and reused while nothing that it was made from has changed."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from penstock.errors import SynthError

# All that app.py reads.
_SOURCES = (
    *("app.py", "cdk.json", "stacks", "constructs", "lambda", "penstock/catalogue", "penstock/spec"),
    *("environments.yaml", "pipelines", "containers"),
)
_TOOLS = ("aws-cdk-lib", "constructs", "pydantic", "sagemaker")


def synthesise(root: Path) -> bool:
    """Bring `root`/cdk.out up to date; return whether the app had to run.

    Raises:
        SynthError: the app failed; the message is what it said.
    """
    assembly, stamp = root / "cdk.out", root / ".penstock" / "synthesised"
    stamp.parent.mkdir(exist_ok=True)
    with (stamp.parent / "synth.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once synthesise once
        if stamp.exists() and stamp.read_text() == _fingerprint(root):
            return False
        _run_app(root, assembly)
        stamp.write_text(_fingerprint(root))
    return True


def _run_app(root: Path, assembly: Path) -> None:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",  # Node is there
        "CDK_OUTDIR": str(assembly),
        "CDK_VALIDATION": "false",  # seconds; `make synth` and the tests synthesise with it
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }
    app = subprocess.run(
        [sys.executable, "app.py"], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    if app.returncode != 0:
        raise SynthError(app.stderr.strip() or f"app.py ended with exit code {app.returncode} and said nothing.")


def _fingerprint(root: Path) -> str:
    """Hash what goes in and what came out: someone else may have written cdk.out since."""
    digest = hashlib.sha256(repr([sys.version, *map(version, _TOOLS)]).encode())
    outputs = [*sorted(root.glob("cdk.out/**/*.template.json")), *sorted(root.glob("cdk.out/**/manifest.json"))]
    for path in [*_files(root), *outputs]:
        digest.update(f"{path.relative_to(root)}\0{path.stat().st_mode & 0o111}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for name in _SOURCES:
        source = root / name
        found = [source] if source.is_file() else sorted(path for path in source.rglob("*") if path.is_file())
        yield from (path for path in found if "__pycache__" not in path.parts)
