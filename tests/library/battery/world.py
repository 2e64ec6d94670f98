"""A cloud in this process, with the tiny project deployed."""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Self

from battery.mail import Mail
from battery.project import ENDPOINT
from battery.runs import Runs
from penstock.local.clients import Clients
from penstock.local.cloud import Cloud
from penstock.local.control import Connection

ACCOUNT, REGION = "123456789012", "us-east-1"
_SPEED = 20
_DAY_SECONDS = 86_400


class World(Runs):
    """The cloud; use it in a `with` statement."""

    def __init__(self, project: Path, speed: float = _SPEED) -> None:
        with ExitStack() as stack:
            self.cloud = cloud = stack.enter_context(Cloud(project, account=ACCOUNT, region=REGION, speed=speed))
            self._started = cloud.clock.now()
            deployed = cloud.deploy(project / "cdk.out", "dev")["outputs"]
            url, operator = cloud.clients.url, cloud.operator
            super().__init__(
                Clients(url=url, account=ACCOUNT, region=REGION, operator=operator),
                Connection(url=url, key=operator.secret_key),
                cloud.work,
                deployed["dev-platform"] | deployed[ENDPOINT],
            )
            self.mail = Mail(self._clients, self.outputs["TopicArn"])
            self.put_data()
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def now(self) -> float:
        """Return the time in the cloud, in seconds."""
        return self.cloud.clock.now().timestamp()

    def dropped(self) -> float:
        """Return how many events for the hook that reports failures were given up, and could not be sent on."""
        sums = self.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName="DeadLetterErrors",
            Dimensions=[{"Name": "FunctionName", "Value": f"{ENDPOINT}-after-failure"}],
            StartTime=self._started,
            EndTime=self.cloud.clock.now() + timedelta(hours=1),
            Period=_DAY_SECONDS,
            Statistics=["Sum"],
        )
        return float(sum(point["Sum"] for point in sums["Datapoints"]))
