"""A cloud with only what a test needs: the gateway, moto, and the services that the test adds."""

import io
import json
import time
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from penstock.local.access import Access
from penstock.local.access.simulation import Simulation
from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.faults import Faults
from penstock.local.faults.fault import Fault
from penstock.local.gateway.app import Gateway
from penstock.local.gateway.bucket_policies import BucketPolicies
from penstock.local.gateway.callers import Callers
from penstock.local.gateway.overlay import Overlay, Overlays
from penstock.local.gateway.record import Record
from penstock.local.gateway.server import Server
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.events import EventBridge, Events
from penstock.local.services.functions import Lambda
from penstock.local.services.s3 import Checksums, Notifications
from penstock.local.services.sns import Topics
from penstock.local.services.sqs import Queues
from penstock.local.store import Store
from waiting import ENOUGH_SECONDS, until

ACCOUNT, REGION = "123456789012", "us-east-1"
KEEP = """
import json, os
def handler(event, context):
    with open(os.environ["FILE"], "a") as file:
        file.write(json.dumps(event) + "\\n")
"""
SERVICES = [f"{name}.amazonaws.com" for name in ("events", "lambda", "sagemaker", "scheduler", "states")]


class SmallCloud:
    """The gateway on a free port, and clients for it."""

    def __init__(self, stack: ExitStack, work: Path) -> None:
        callers = Callers(account=ACCOUNT)
        self.operator = callers.operator
        self.work = work
        self.services: dict[str, Any] = {}
        self.faults = Faults(log=work / "faults.jsonl")
        self._stack = stack
        self.record = stack.enter_context(closing(Record(work / "calls.jsonl")))

        def no_control(_request: Any) -> Any:
            raise AssertionError("no test here uses the control endpoint")

        buckets = BucketPolicies()
        self.access = Access(buckets=buckets, services=self.services, record=self.record)
        self.overlays: dict[str, Overlay] = {"iam": Simulation(self.access), "s3": buckets}
        gateway = Gateway(
            callers=callers,
            services=self.services,
            record=self.record,
            control=no_control,
            overlays=self.overlays,
            access=self.access,
            faults=self.faults,
        )
        self.server = stack.enter_context(closing(Server(gateway, port=0)))
        self.clients = Clients(
            url=f"http://localhost:{self.server.port}",
            account=ACCOUNT,
            region=REGION,
            operator=callers.operator,
            issue=callers.issue,
        )

    def variables(self) -> dict[str, str]:
        """Return the environment variables of an unchanged AWS client, as the operator."""
        return self.clients.environment() | self.operator.as_environment()

    def add(self, service: Any) -> Any:
        self._stack.enter_context(closing(service))
        if hasattr(service, "name"):
            self.services[service.name] = service
        return service

    def role(self) -> str:
        """Make a role that any service may assume and that may do anything, and return its ARN."""
        iam, name = self.clients.operator("iam"), f"role-{uuid.uuid4()}"
        trust = {"Effect": "Allow", "Principal": {"Service": SERVICES}, "Action": "sts:AssumeRole"}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        iam.put_role_policy(RoleName=name, PolicyName="Everything", PolicyDocument=document(everything))
        return str(arn)


class Counted(Metrics):
    """Metrics that only tell what was added."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock=clock, store=Store())
        self.added: list[tuple[str, str, float, str, Mapping[str, str]]] = []

    def add(self, namespace: str, name: str, value: float, unit: str, dimensions: Mapping[str, str]) -> None:
        self.added.append((namespace, name, value, unit, dimensions))

    def count(self, name: str, **dimensions: str) -> float:
        return sum(value for _, added, value, _, of in [*self.added] if (added, {**of}) == (name, dimensions))


class Messaging:
    """Everything that delivers, in a cloud whose minutes are seconds; functions keep what they are told."""

    def __init__(self, cloud: SmallCloud, zipped: Callable[[dict[str, str]], bytes]) -> None:
        self.cloud, self.clients = cloud, cloud.clients
        self.clock = Clock(60)
        self.metrics = Counted(self.clock)
        made: dict[str, Any] = {"clients": cloud.clients, "clock": self.clock, "metrics": self.metrics}
        self.mail = cloud.work / "mail"
        self.topics = cloud.add(Topics(**made, mail=self.mail))
        self.store = Store()
        functions: dict[str, Any] = {"work": cloud.work / "lambda", "faults": cloud.faults, "store": self.store}
        self.functions = cloud.add(Lambda(**made, **functions, retry_seconds=(0.05, 0.05)))
        self.queues = cloud.add(Queues(**made))
        self.events = cloud.add(Events(**made))
        self.events.start()
        notifications = cloud.add(Notifications(clients=cloud.clients, clock=self.clock, events=self.events))
        cloud.overlays |= {
            "events": EventBridge(self.events),
            "s3": Overlays(cloud.overlays["s3"], notifications, Checksums(cloud.clients)),
            "sns": self.topics,
            "sqs": self.queues,
        }
        self._zipped = zipped

    def client(self, service: str) -> Any:
        return self.clients.operator(service)

    def queue(self, name: str, *, allow: str | None = None, **attributes: str) -> tuple[str, str]:
        """Make a queue that a service may send to; return its URL and ARN."""
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        url = self.client("sqs").create_queue(QueueName=name, Attributes={**fifo, **attributes})["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        if allow:
            policy = document(
                {"Effect": "Allow", "Principal": {"Service": allow}, "Action": "sqs:SendMessage", "Resource": arn}
            )
            self.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        return url, arn

    def topic(self, name: str, *, allow: str | None = None, **attributes: str) -> str:
        """Make a topic that a service may publish to; return its ARN."""
        fifo = {"FifoTopic": "true"} if name.endswith(".fifo") else {}
        arn = str(self.client("sns").create_topic(Name=name, Attributes={**fifo, **attributes})["TopicArn"])
        if allow:
            policy = document(
                {"Effect": "Allow", "Principal": {"Service": allow}, "Action": "sns:Publish", "Resource": arn}
            )
            self.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)
        return arn

    def function(self, name: str, file: Path, *, code: str = KEEP, **settings: Any) -> str:
        """Make a function that writes the events it gets to a file, a line each; return its ARN."""
        made = self.client("lambda").create_function(
            FunctionName=name,
            Runtime="python3.13",
            Handler="app.handler",
            Role=self.cloud.role(),
            Code={"ZipFile": self._zipped({"app.py": code})},
            Environment={"Variables": {"FILE": str(file)}},
            **settings,
        )
        return str(made["FunctionArn"])

    def permit(self, function: str, principal: str, source: str) -> None:
        """Let a service invoke a function for a source."""
        self.client("lambda").add_permission(
            FunctionName=function,
            StatementId=f"permission-{uuid.uuid4()}",
            Action="lambda:InvokeFunction",
            Principal=principal,
            SourceArn=source,
        )

    def throttle(self, operation: str, name: str, times: int) -> None:
        """Let the next calls about something be throttled."""
        self.cloud.faults.plan([Fault("throttle", operation=operation, name=f"*{name}", times=times)])

    def received(self, url: str, count: int = 1) -> list[Any]:
        """Return so many messages of a queue, as soon as they are there; they are taken out of it."""
        messages: list[Any] = []
        deadline = time.monotonic() + ENOUGH_SECONDS
        while len(messages) < count:
            assert time.monotonic() < deadline, f"only {len(messages)} of {count} messages came"
            got = self.client("sqs").receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=10,
                WaitTimeSeconds=1,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            )
            if some := got.get("Messages", []):
                entries = [{"Id": one["MessageId"], "ReceiptHandle": one["ReceiptHandle"]} for one in some]
                self.client("sqs").delete_message_batch(QueueUrl=url, Entries=entries)
                messages += some
        return messages

    def empty(self, url: str) -> bool:
        """Is there nothing in a queue?"""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return set(found.values()) == {"0"}


def lines(file: Path, count: int = 1) -> list[Any]:
    """Return the events that a function kept, as soon as there are so many."""
    until(lambda: file.exists() and len(file.read_text().splitlines()) >= count)
    return [json.loads(line) for line in file.read_text().splitlines()]


@pytest.fixture(name="lines")
def _lines() -> Callable[..., list[Any]]:
    return lines


@pytest.fixture(name="until")
def _until() -> Callable[[Callable[[], Any]], Any]:
    return until


@pytest.fixture(scope="module")
def messaging(small_cloud: SmallCloud, zipped: Callable[[dict[str, str]], bytes]) -> Messaging:
    return Messaging(small_cloud, zipped)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A name of the test's own."""
    return f"t{zlib.crc32(request.node.nodeid.encode())}"


def document(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture(scope="module")
def small_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    with ExitStack() as stack:
        yield SmallCloud(stack, tmp_path_factory.mktemp("cloud"))


@pytest.fixture(scope="session")
def lasting_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCloud]:
    """One for tests that empty moto's state themselves."""
    with ExitStack() as stack:
        yield SmallCloud(stack, tmp_path_factory.mktemp("cloud"))


@pytest.fixture(scope="session")
def zipped() -> Callable[[dict[str, str]], bytes]:
    """Make an archive of files."""

    def archive(files: dict[str, str]) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as file:
            for name, text in files.items():
                file.writestr(name, text)
        return buffer.getvalue()

    return archive
