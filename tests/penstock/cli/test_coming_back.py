"""A cloud that was killed, and comes back with everything that it had answered for."""

import json
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from penstock.local.control import Connection
from penstock.local.state import _empty
from waiting import until

ENDPOINT = "dev-tiny"
STORM_SECONDS = (0.3, 0.9)
TRUST = json.dumps({"Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}})


class Lives:
    """A cloud that is killed and started again, with one state folder."""

    def __init__(self, start: Callable[..., Any], state: Path) -> None:
        self._start = start
        self.state = state
        self.cloud = start(state)

    def client(self, service: str) -> Any:
        return self.cloud.client(service)

    def again(self, how: signal.Signals = signal.SIGKILL) -> int:
        """End it, wherever it is, and start it as a person would: with no port. Return the exit code."""
        process = self.cloud.process
        process.send_signal(how)
        process.communicate(timeout=30)
        variables = self.cloud.variables
        self.cloud = self._start(self.state, "--environment", "dev")
        assert self.cloud.variables == variables
        return int(process.returncode)

    def deploy(self, assembly: Path) -> dict[str, Any]:
        variables = self.cloud.variables
        connection = Connection(url=variables["AWS_ENDPOINT_URL"], key=variables["AWS_SECRET_ACCESS_KEY"])
        return connection.deploy(assembly, "dev")

    def changes(self, since: int) -> list[str]:
        """The calls that have changed something, after so many lines of the record."""
        reads = ("Describe", "Get", "Head", "List", "BatchGet", "Assume")
        calls = [json.loads(line) for line in self.record()[since:]]
        return [
            f"{call['service']}:{call['operation']}"
            for call in calls
            if call["caller"].endswith("operator") and not call["operation"].startswith(reads)
        ]

    def record(self) -> list[str]:
        return (self.state / "calls.jsonl").read_text().splitlines()


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory, start_tiny_cloud: Any) -> Iterator[Lives]:
    lives = Lives(start_tiny_cloud, tmp_path_factory.mktemp("state"))
    yield lives
    lives.cloud.stop()


def inventory(client: Callable[[str], Any]) -> dict[str, Any]:
    """What clients see of a cloud that rests."""
    s3, iam, kms, logs, sns = (client(name) for name in ("s3", "iam", "kms", "logs", "sns"))
    machines = client("stepfunctions").list_state_machines()["stateMachines"]
    buckets = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    roles = [role["RoleName"] for role in iam.list_roles()["Roles"]]
    return {
        "versions": {
            bucket: {one["VersionId"]: one for one in s3.list_object_versions(Bucket=bucket).get("Versions", [])}
            for bucket in buckets
        },
        "bucket policies": {bucket: policy_of(s3, bucket) for bucket in buckets},
        "roles": [{**iam.get_role(RoleName=role)["Role"], "RoleLastUsed": None} for role in roles],
        "policies": iam.list_policies(Scope="Local")["Policies"],
        "attached": [iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] for role in roles],
        "keys": [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]],
        "topics": [topic["TopicArn"] for topic in sns.list_topics()["Topics"]],
        "subscriptions": sns.list_subscriptions()["Subscriptions"],
        "rules": client("events").list_rules()["Rules"],
        "repositories": client("ecr").describe_repositories()["repositories"],
        "alarms": {
            alarm["AlarmArn"]: (alarm["AlarmActions"], alarm.get("Threshold"))
            for alarm in client("cloudwatch").describe_alarms()["MetricAlarms"]
        },
        "functions": client("lambda").list_functions()["Functions"],
        "tables": {
            name: client("dynamodb").scan(TableName=name)["Items"]
            for name in client("dynamodb").list_tables()["TableNames"]
        },
        "models": client("sagemaker").list_models()["Models"],
        "jobs": client("sagemaker").list_training_jobs()["TrainingJobSummaries"],
        "log groups": {
            group["logGroupName"]: {
                (event["timestamp"], event["message"]): event["logStreamName"]
                for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
            }
            for group in logs.describe_log_groups()["logGroups"]
        },
        "machines": machines,
        "executions": [finished(client("stepfunctions"), machine["stateMachineArn"]) for machine in machines],
    }


def lacking(before: Any, after: Any, path: str = "") -> list[str]:
    """What is not there any more, or not as it was; there may be more: an endpoint that starts again reads and logs."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [found for key, value in before.items() for found in lacking(value, after.get(key), f"{path}.{key}")]
    if isinstance(before, list | tuple) and isinstance(after, list | tuple) and len(before) == len(after):
        return [
            found
            for index, pair in enumerate(zip(before, after, strict=True))
            for found in lacking(*pair, f"{path}[{index}]")
        ]
    same = (
        abs(before - after) <= timedelta(seconds=1)
        if isinstance(before, datetime) and isinstance(after, datetime)
        else before == after
    )
    return [] if same else [f"{path}: {before!r} is {after!r} now"]


def policy_of(s3: Any, bucket: str) -> Any:
    try:
        return json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    except ClientError as error:
        return error.response["Error"]["Code"]


def finished(stepfunctions: Any, machine: str) -> Any:
    executions = stepfunctions.list_executions(stateMachineArn=machine)["executions"]
    return [
        (
            {**stepfunctions.describe_execution(executionArn=one["executionArn"]), "ResponseMetadata": None},
            stepfunctions.get_execution_history(executionArn=one["executionArn"])["events"],
        )
        for one in executions
    ]


def test_a_run_that_was_cut_off_is_named_and_can_be_continued(lives: Lives, tiny_records: Path) -> None:
    run = lives.cloud.begin("local", "run", "tiny", "--data", str(tiny_records), "--fault", "hang=training")
    jobs = lives.client("sagemaker")
    while not jobs.list_training_jobs(StatusEquals="InProgress")["TrainingJobSummaries"]:
        time.sleep(0.1)
    same = lives.cloud.begin("local", "run", "tiny", "--data", str(tiny_records))
    assert same.stdout is not None
    assert any(line.startswith("  Joined   the same run was under way already") for line in same.stdout)
    lives.again()
    for command in (run, same):
        command.communicate(timeout=60)
    said = lives.state.with_name(f"{lives.state.name}.said").read_text()
    assert re.search(r"Cut off: execution \w+ of dev-tiny. `penstock redrive tiny --execution \w+` continues it", said)
    continued = lives.cloud.command("redrive", "tiny", "--json")
    assert (continued.code, continued.result["outcome"]) == (0, "DEPLOYED"), continued.said


def test_a_killed_cloud_comes_back_with_what_was_deployed_and_what_ran(lives: Lives, tiny_project: Path) -> None:
    time.sleep(1)  # logs are written after the fact
    before, calls = inventory(lives.client), len(lives.record())
    lives.again()
    assert lacking(before, inventory(lives.client)) == []
    assert len(lives.record()) > calls
    lives.client("sagemaker").get_waiter("endpoint_in_service").wait(EndpointName=ENDPOINT, WaiterConfig={"Delay": 1})
    runtime = lives.client("sagemaker-runtime")
    answer = runtime.invoke_endpoint(EndpointName=ENDPOINT, ContentType="text/csv", Body="x\n1\n")
    assert answer["Body"].read() == b"1.5\n"
    since = len(lives.record())
    lives.deploy(tiny_project / "cdk.out")
    assert lives.changes(since) == []


@pytest.mark.parametrize(
    "how", [signal.SIGINT, signal.SIGTERM, pytest.param(signal.SIGKILL, marks=pytest.mark.battery)]
)
def test_however_it_ends_no_process_is_left(lives: Lives, processes_of: Any, how: signal.Signals) -> None:
    work = lives.cloud.work()
    waiter = lives.client("sagemaker").get_waiter("endpoint_in_service")
    waiter.wait(EndpointName=ENDPOINT, WaiterConfig={"Delay": 1})
    before = processes_of(work)
    assert before
    code = lives.again(how)
    assert code == {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -signal.SIGKILL}[how]
    until(lambda: not set(before) & set(processes_of(work)))


class Client(threading.Thread):
    """Writes until the cloud is gone, and keeps what was answered."""

    def __init__(self, lives: Lives, number: int) -> None:
        super().__init__()
        self._s3, self._sqs, self._iam = (lives.client(name) for name in ("s3", "sqs", "iam"))
        self._queue = self._sqs.get_queue_url(QueueName="storm")["QueueUrl"]
        self._number = number
        self.versions: dict[str, str] = {}
        self.messages: set[str] = set()
        self.roles: dict[str, str] = {}

    def run(self) -> None:
        try:
            for step in range(10_000):
                name = f"{self._number}-{time.monotonic_ns()}"
                self.versions[name] = self._s3.put_object(Bucket="storm", Key=name, Body=bytes(step * 1000))[
                    "VersionId"
                ]
                self.messages.add(self._sqs.send_message(QueueUrl=self._queue, MessageBody=name)["MessageId"])
                made = self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
                self.roles[name] = made["Role"]["RoleId"]
        except (BotoCoreError, ClientError):
            return  # it was killed


@pytest.mark.parametrize("kills", [1, pytest.param(4, marks=pytest.mark.battery)])
def test_killed_at_any_moment_it_has_all_that_it_had_answered_for(lives: Lives, kills: int) -> None:
    lives.client("s3").create_bucket(Bucket="storm")
    lives.client("s3").put_bucket_versioning(Bucket="storm", VersioningConfiguration={"Status": "Enabled"})
    lives.client("sqs").create_queue(QueueName="storm")
    clients: list[Client] = []
    moments = random.Random(5)  # noqa: S311  the moments are to be the same each time
    for _ in range(kills):
        now = [Client(lives, number) for number in range(3)]
        clients += now
        for client in now:
            client.start()
        time.sleep(moments.uniform(*STORM_SECONDS))
        lives.again()
        for client in now:
            client.join()
    listed = lives.client("s3").get_paginator("list_object_versions").paginate(Bucket="storm")
    found = {version["Key"]: version["VersionId"] for page in listed for version in page["Versions"]}
    roles = lives.client("iam").get_paginator("list_roles").paginate()
    ids = {role["RoleName"]: role["RoleId"] for page in roles for role in page["Roles"]}
    waiting = received(lives.client("sqs"))
    for client in clients:
        assert client.versions
        assert client.versions.items() <= found.items()
        assert client.messages <= waiting
        assert client.roles.items() <= ids.items()


def received(sqs: Any) -> set[str]:
    queue, found = sqs.get_queue_url(QueueName="storm")["QueueUrl"], set()
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        found |= {message["MessageId"] for message in messages}
    return found


def test_a_second_cloud_is_told_whose_folder_it_is(lives: Lives, penstock_process: Any) -> None:
    refused = penstock_process("local", "up", "--port", "0", "--state", str(lives.state))
    assert refused.code == 1
    assert f"is in use by process {lives.cloud.process.pid}: one cloud at a time" in refused.said
    assert "another folder (--state) or --environment" in refused.said


def test_a_fresh_start_leaves_nothing_of_what_a_cloud_has_kept(lives: Lives) -> None:
    lives.cloud.stop()
    _empty(lives.state)
    assert [*lives.state.iterdir()] == []
