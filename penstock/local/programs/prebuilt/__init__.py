"""Images that AWS has made: what stands for them on this machine.

https://docs.aws.amazon.com/sagemaker/latest/dg-ecr-paths/ecr-paths-us-east-1.html
"""

from pathlib import Path

_HERE = Path(__file__).parent
# What AWS calls the repository → the folder here with its programs, and the container whose packages it shares, or "".
_REPOSITORIES = {
    "sagemaker-scikit-learn": ("scikit-learn", "tabular"),
    "sagemaker-spark-processing": ("spark", ""),
}


def prebuilt(repository: str, containers: Path) -> tuple[Path, Path] | None:
    """Return the folder of programs of an image of AWS and its requirements.txt, or None if it is none of AWS's.

    Args:
        repository: its name in ECR, without account and tag.
        containers: the folder that holds the project's own containers.
    """
    if repository not in _REPOSITORIES:
        return None
    name, shared = _REPOSITORIES[repository]
    return _HERE / name, (containers / shared if shared else _HERE / name) / "requirements.txt"
