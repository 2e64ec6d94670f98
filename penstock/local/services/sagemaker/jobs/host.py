"""The hosts of a job: its instances, each with a name and a folder of its own."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Host:
    """One instance of a job. The first one's log has the job's own name."""

    number: int
    name: str
    folder: Path
    log: Path

    @property
    def base(self) -> Path:
        """What is /opt/ml on AWS."""
        return self.folder / "ml"


def hosts(folder: Path, count: int, log: str) -> list[Host]:
    """Return the hosts of a job whose files are in a folder: algo-1, algo-2 and so on, as SageMaker names them."""
    names = [f"algo-{number}" for number in range(1, count + 1)]
    logs = [f"{log}.log", *(f"{log}-{name}.log" for name in names[1:])]
    named = zip(names, logs, strict=True)
    return [Host(number, name, folder / name, folder / file) for number, (name, file) in enumerate(named, 1)]
