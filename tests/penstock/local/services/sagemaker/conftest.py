import io
import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from moto.core.utils import get_service_model
from moto.moto_api._internal.models import moto_api_backend

from penstock.local.clients import Clients
from penstock.local.clock import Clock
from penstock.local.faults import Faults
from penstock.local.gateway.validation import check_response
from penstock.local.programs.images import Programs
from penstock.local.service import Caller, JsonObject
from penstock.local.services.sagemaker import SageMaker
from penstock.local.services.sagemaker_runtime import SageMakerRuntime
from penstock.local.store import Store
from penstock.spec.image import image_tag
from waiting import until

ACCOUNT, REGION, BUCKET = "123456789012", "us-east-1", "artefacts"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/dev-bigmart-execution"
CALLER = Caller("AKIA", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/operator")
TRUST = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}

# The hyperparameter `script` is what this training program does.
TRAIN = """#!/usr/bin/env -S python3 -S
import json, os, sys, time
from pathlib import Path
base = Path(os.environ["SAGEMAKER_BASE_DIR"])
exec(json.loads((base / "input/config/hyperparameters.json").read_text()).get("script", ""))
"""
# What a processing script finds.
PROCESS = """
import json, os, sys, time
from pathlib import Path
base = Path(os.environ["SAGEMAKER_BASE_DIR"])
"""
# The model is a file with Python in it: it may define ping() and predict(body, headers).
# It starts in a quarter of the time that one with http.server takes.
SERVE = """#!/usr/bin/env -S python3 -I -S
import os, socketserver, time
with open(os.environ["SAGEMAKER_BASE_DIR"] + "/model/model.py") as file:
    model = file.read()
def ping(): return 200
def predict(body, headers): return 200, body
def get(path): return ping() if path == "/ping" else 404, b""
exec(model)
class Handler(socketserver.StreamRequestHandler):
    wbufsize = -1  # one packet an answer
    def handle(self):
        while line := self.rfile.readline().decode():
            method, path, _ = line.split()
            headers = {}
            while header := self.rfile.readline().decode().strip():
                name, _, value = header.partition(":")
                headers[name] = value.strip()
            body = self.rfile.read(int(headers.get("Content-Length", 0)))
            self.answer(*(get(path) if method == "GET" else predict(body, headers)))
    def answer(self, status, body):
        head = (
            f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", "Content-Type: text/plain",
            "X-Amzn-SageMaker-Custom-Attributes: model=" + model.splitlines()[0],
        )
        self.wfile.write("".join(f"{line}\\r\\n" for line in (*head, "")).encode() + body)
        self.wfile.flush()
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    request_queue_size = 128
    def handle_error(self, request, client): pass
address = (os.environ["BIND_HOST"], int(os.environ["SAGEMAKER_BIND_TO_PORT"]))
print("serving", flush=True)
Server(address, Handler).serve_forever()
"""


def write_container(folder: Path) -> Path:
    folder.mkdir(parents=True)
    files = {"train": TRAIN, "serve": SERVE, "process": "#!/bin/sh\necho processing $*", "requirements.txt": ""}
    dockerfile = 'FROM scratch\nENTRYPOINT ["process"]\nCMD ["all"]\n'
    for name, content in {**files, "Dockerfile": dockerfile}.items():
        (folder / name).write_text(content)
        (folder / name).chmod(0o755)
    return folder


class World:
    """SageMaker behind the gateway, a published image, and what most tests do with them."""

    def __init__(self, small_cloud: Any, programs: Programs, image: str, work: Path) -> None:
        self.cloud = small_cloud
        self.clients: Clients = small_cloud.clients
        self.programs = programs
        self.image = image
        self.work = work
        self.store, self.clock, self.faults = Store(), Clock(), Faults()
        self.faults_of_calls: Faults = small_cloud.faults
        self.published = Published()
        self.cloudwatch = CloudWatch()

    def start(self, startup_seconds: float = 10) -> None:
        """Start the service, or a second life of it, with what the store has kept."""
        published: Any = self.published
        self.sagemaker = SageMaker(
            clients=self.clients,
            programs=self.programs,
            work=self.work,
            access=self.cloud.access,
            faults=self.faults,
            metrics=published,
            events=published,
            store=self.store,
            clock=self.clock,
            startup_seconds=startup_seconds,
        )
        self.runtime = SageMakerRuntime(sagemaker=self.sagemaker, metrics=published)
        self.cloud.services |= {
            "sagemaker": self.sagemaker,
            "sagemaker-runtime": self.runtime,
            "cloudwatch": self.cloudwatch,
        }
        self.sagemaker.restore()

    def deny(self, action: str) -> None:
        """Take one permission from the execution role."""
        policy = document(EVERYTHING, {"Effect": "Deny", "Action": action, "Resource": "*"})
        iam = self.clients.operator("iam")
        iam.put_role_policy(RoleName="dev-bigmart-execution", PolicyName="p", PolicyDocument=policy)

    def call(self, operation: str, **request: Any) -> JsonObject:
        answer = self.sagemaker.call(operation, request, CALLER)
        check_response(get_service_model("sagemaker").operation_model(operation), answer)
        return answer

    def invoke(self, **request: Any) -> JsonObject:
        return self.runtime.call("InvokeEndpoint", {"EndpointName": "e", "Body": b"x", **request}, CALLER)

    def put(self, key: str, content: bytes) -> str:
        self.clients.operator("s3").put_object(Bucket=BUCKET, Key=key, Body=content)
        return f"s3://{BUCKET}/{key}"

    def get(self, key: str) -> bytes:
        return bytes(self.clients.operator("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def model(self, name: str, script: str = "") -> None:
        """Make a model that is known by its name and does what the script says."""
        content, archive = f"{name} = 1\n{script}".encode(), io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w:gz") as tar:
            member = tarfile.TarInfo("model.py")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        url = self.put(f"{name}/model.tar.gz", archive.getvalue())
        container = {"Image": self.image, "ModelDataUrl": url}
        self.call("CreateModel", ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)

    def config(self, name: str, script: str = "", instances: int = 1, **variant: Any) -> None:
        """Make a model and a configuration with it, of the same name."""
        self.model(name, script)
        main: JsonObject = {"VariantName": "main", "ModelName": name, "InstanceType": "ml.m5.large"}
        main |= {"InitialInstanceCount": instances, **variant}
        self.call("CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=[main])

    def endpoint(self, config: str = "a", script: str = "", **variant: Any) -> None:
        """Make an endpoint named e and wait until it serves."""
        self.config(config, script, **variant)
        self.call("CreateEndpoint", EndpointName="e", EndpointConfigName=config)
        assert self.settled()["EndpointStatus"] == "InService"

    def update(self, config: str, **request: Any) -> JsonObject:
        """Update endpoint e and wait until that is over."""
        self.call("UpdateEndpoint", EndpointName="e", EndpointConfigName=config, **request)
        return self.settled()

    def settled(self) -> JsonObject:
        def answer() -> JsonObject | None:
            described = self.call("DescribeEndpoint", EndpointName="e")
            return described if described["EndpointStatus"] in {"InService", "Failed"} else None

        return dict(until(answer))

    def train(self, script: str = "", **request: Any) -> str:
        """Start the training job j, which runs the script."""
        defaults = {
            "TrainingJobName": "j",
            "RoleArn": ROLE,
            "AlgorithmSpecification": {"TrainingImage": self.image, "TrainingInputMode": "File"},
            "HyperParameters": {"script": script},
            "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/out/"},
            "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        }
        return str(self.call("CreateTrainingJob", **(defaults | request))["TrainingJobArn"])

    def process(self, script: str = "", **request: Any) -> str:
        """Start the processing job p, which runs the script."""
        defaults: JsonObject = {
            "ProcessingJobName": "p",
            "RoleArn": ROLE,
            "AppSpecification": {"ImageUri": self.image, "ContainerEntrypoint": ["python3", "-c", PROCESS + script]},
            "ProcessingResources": {
                "ClusterConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30}
            },
        }
        return str(self.call("CreateProcessingJob", **(defaults | request))["ProcessingJobArn"])

    def processed(self, script: str = "", **request: Any) -> JsonObject:
        """Start the processing job p, and wait until it has ended."""
        self.process(script, **request)
        return self.ended("ProcessingJob", "p")

    def transform(self, **request: Any) -> str:
        """Start the transform job t of the model a, over what is under in/."""
        source = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/in/"}}}
        defaults: JsonObject = {
            "TransformJobName": "t",
            "ModelName": "a",
            "TransformInput": source | {"ContentType": "text/csv"} | request.pop("source", {}),
            "TransformOutput": {"S3OutputPath": f"s3://{BUCKET}/out"} | request.pop("output", {}),
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        }
        return str(self.call("CreateTransformJob", **(defaults | request))["TransformJobArn"])

    def transformed(self, **request: Any) -> JsonObject:
        """Start the transform job t, and wait until it has ended."""
        self.transform(**request)
        return self.ended("TransformJob", "t")

    def ended(self, noun: str, name: str) -> JsonObject:
        """Wait until a job has ended."""

        def answer() -> JsonObject | None:
            job = self.call(f"Describe{noun}", **{f"{noun}Name": name})
            return job if job[f"{noun}Status"] in {"Completed", "Failed", "Stopped"} else None

        return dict(until(answer))

    def trained(self, script: str = "", **request: Any) -> JsonObject:
        """Start the training job j, and wait until it has ended."""
        self.train(script, **request)
        return self.job_in("Completed", "Failed", "Stopped")

    def job_in(self, *statuses: str) -> JsonObject:
        """Wait until the job j has one of these statuses or secondary statuses."""

        def answer() -> JsonObject | None:
            job = self.call("DescribeTrainingJob", TrainingJobName="j")
            return job if {job["TrainingJobStatus"], job["SecondaryStatus"]} & set(statuses) else None

        return dict(until(answer))

    def messages(self, group: str) -> list[str]:
        """The lines that a log group in CloudWatch Logs has."""
        events = self.clients.operator("logs").filter_log_events(logGroupName=group)["events"]
        return [event["message"] for event in events]

    def processes(self) -> list[int]:
        """The programs that run now, and their supervisors: each has its base folder in its environment."""
        found = []
        for environ in Path("/proc").glob("[0-9]*/environ"):
            try:
                if f"SAGEMAKER_BASE_DIR={self.work}".encode() in environ.read_bytes():
                    found.append(int(environ.parent.name))
            except OSError:
                continue
        return found


class CloudWatch:
    """Takes metrics in."""

    name = "cloudwatch"

    def __init__(self) -> None:
        self.calls: list[tuple[Caller, JsonObject]] = []

    def call(self, _operation: str, request: JsonObject, caller: Caller) -> JsonObject:
        self.calls.append((caller, request))
        return {}

    def close(self) -> None:
        """Nothing to end."""


def document(*statements: JsonObject) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@dataclass
class Published:
    """What the service has sent to EventBridge and CloudWatch."""

    events: list[JsonObject] = field(default_factory=list)
    measured: list[tuple[str, str, float, str, JsonObject]] = field(default_factory=list)

    def publish(self, event: JsonObject) -> None:
        self.events.append(event)

    def add(self, *measurement: Any) -> None:
        self.measured.append(measurement)


def make_world(small_cloud: Any, cache: Path, folder: Path) -> World:
    clients = small_cloud.clients
    iam = clients.operator("iam")
    iam.create_role(RoleName="dev-bigmart-execution", AssumeRolePolicyDocument=document(TRUST))
    iam.put_role_policy(RoleName="dev-bigmart-execution", PolicyName="p", PolicyDocument=document(EVERYTHING))
    clients.operator("s3").create_bucket(Bucket=BUCKET)
    clients.operator("ecr").create_repository(repositoryName="dev-forest")
    container = write_container(folder / "containers" / "forest")
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/dev-forest:{image_tag(container)}"
    programs = Programs(clients=clients, containers=folder / "containers", cache=cache)
    programs.publish(image)
    world = World(small_cloud, programs, image, folder / "work")
    world.start()
    return world


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(name="new_world", scope="session")
def _new_world() -> Callable[[Any, Path, Path], World]:
    return make_world


@pytest.fixture
def world(small_cloud: Any, cache: Path, tmp_path: Path) -> Iterator[World]:
    moto_api_backend.reset()
    world = make_world(small_cloud, cache, tmp_path)
    yield world
    world.runtime.close()
    world.sagemaker.close()
