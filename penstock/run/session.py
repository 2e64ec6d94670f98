"""The cloud that a command uses: one that runs already, where AWS_ENDPOINT_URL says so, or one of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from penstock.errors import CloudError
from penstock.local.clients import Clients, Credentials
from penstock.local.control import Connection
from penstock.spec import Environment

if TYPE_CHECKING:
    from penstock.local.cloud import Cloud

# Where an environment names none.
_ACCOUNT, _REGION = "123456789012", "us-east-1"


@dataclass(frozen=True)
class Session:
    """A cloud to work with: AWS clients as the operator, its control, and the folder where it keeps logs and calls."""

    clients: Clients
    connection: Connection
    work: Path
    own: bool  # it ends with the command
    speed: float  # how many seconds of the cloud pass in one of this machine

    def now(self) -> datetime:
        """Return the time in the cloud."""
        return datetime.fromisoformat(self.connection.describe()["now"])


@contextmanager
def session(root: Path, environment: Environment, *, speed: float = 1.0) -> Iterator[Session]:
    """Connect to the cloud that the exported variables name, or start one for as long as the `with` statement lasts.

    Raises:
        CloudError: nothing answers where AWS_ENDPOINT_URL points, or it is another project's cloud, or has its own
            speed.
    """
    if os.environ.get("AWS_ENDPOINT_URL"):
        if speed != 1:
            raise CloudError(
                "--speed is for a cloud that starts with the run, and AWS_ENDPOINT_URL names one that runs already."
                " Give it to `penstock local up`, or unset AWS_ENDPOINT_URL."
            )
        yield running(root)
        return
    with start_cloud(root, environment, speed=speed) as cloud:
        connection = Connection(url=cloud.clients.url, key=cloud.operator.secret_key)
        yield Session(cloud.clients, connection, cloud.work, own=True, speed=speed)


def start_cloud(
    root: Path,
    environment: Environment,
    *,
    port: int | None = 0,
    state: Path | None = None,
    fresh: bool = False,
    speed: float = 1.0,
) -> "Cloud":
    """Start a cloud in the account and region of an environment; from a `state` folder it comes back.

    Raises:
        CloudError: the port is taken, or the state is another cloud's or another version's.
    """
    from penstock.local.cloud import Cloud  # noqa: PLC0415  half a second of imports that a running cloud does not need

    return Cloud(
        root,
        port=port,
        account=environment.account or _ACCOUNT,
        region=environment.region or _REGION,
        state=state,
        fresh=fresh,
        speed=speed,
    )


def running(root: Path) -> Session:
    """Connect to the cloud that the exported variables name.

    Raises:
        CloudError: they name none, nothing answers there, or it is another project's cloud.
    """
    url = os.environ.get("AWS_ENDPOINT_URL")
    if not url:
        raise CloudError(
            "AWS_ENDPOINT_URL is not set. Export every line that `penstock local up` printed, in another terminal."
        )
    missing = [name for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if name not in os.environ]
    if missing:
        raise CloudError(
            f"AWS_ENDPOINT_URL is {url}, but {' and '.join(missing)} not set."
            " Export every line that `penstock local up` printed."
        )
    operator = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
    connection = Connection(url=url.rstrip("/"), key=operator.secret_key)
    cloud = connection.describe()
    if Path(cloud["root"]) != root:
        raise CloudError(f"The local cloud at {url} belongs to {cloud['root']}, and this is {root}: run it from there.")
    clients = Clients(url=url, account=cloud["account"], region=cloud["region"], operator=operator)
    return Session(clients, connection, Path(cloud["work"]), own=False, speed=cloud["speed"])
