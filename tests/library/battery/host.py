"""A cloud in a process of its own, which can be killed, and comes back with its state.

Usage of this file as a program: python -m battery.host PROJECT STATE; it ends with its standard input.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from battery.project import ENDPOINT
from battery.runs import Runs
from penstock.local.clients import Clients, Credentials
from penstock.local.cloud import Cloud
from penstock.local.control import Connection

_ACCOUNT, _REGION = "123456789012", "us-east-1"


class Host(Runs):
    """The cloud, as long as it lives; `cut_off` are the ARNs of the executions that were cut off when it ended last."""

    def __init__(self, project: Path, state: Path) -> None:
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
        command = [sys.executable, "-m", "battery.host", str(project), str(state)]
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline())
        self.cut_off: list[str] = said["cut_off"]
        super().__init__(
            Clients(url=said["url"], account=_ACCOUNT, region=_REGION, operator=Credentials(*said["operator"])),
            Connection(url=said["url"], key=said["operator"][1]),
            Path(said["work"]),
            said["outputs"],
        )

    def kill(self) -> None:
        """End it without a warning."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()


def main(project: Path, state: Path) -> None:
    """Keep the cloud until standard input ends; a first one deploys the project."""
    with Cloud(project, account=_ACCOUNT, region=_REGION, state=state) as cloud:
        deployed = cloud.deploy(project / "cdk.out", "dev")["outputs"]
        said = {
            "url": cloud.clients.url,
            "operator": [cloud.operator.access_key, cloud.operator.secret_key],
            "work": str(cloud.work),
            "cut_off": cloud.cut_off,
            "outputs": deployed["dev-platform"] | deployed[ENDPOINT],
        }
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
