"""What tests of several folders share: the cloud assembly, synthesised once for all of them."""

import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.client import BaseClient
from botocore.validate import ParamValidator
from jsonata import Jsonata

from untraced import untraced

ROOT = Path(__file__).parents[1]

Template = dict[str, Any]
Synthesise = Callable[[Path, Path], subprocess.CompletedProcess[str]]
Evaluate = Callable[..., Any]
RequestOf = Callable[..., Any]

# What Step Functions calls each service, and what botocore does.
SERVICES = {
    "applicationautoscaling": "application-autoscaling",
    "dynamodb": "dynamodb",
    "lambda": "lambda",
    "sagemaker": "sagemaker",
    "sfn": "stepfunctions",
    "sns": "sns",
}


@pytest.fixture(scope="session", autouse=True)
def _untraced_clients() -> Iterator[None]:
    """boto3's clients run without coverage's tracer: what they call of ours is behind a port, in another thread."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in ((BaseClient, "_make_api_call"), (botocore.session.Session, "create_client")):
            patch.setattr(owner, name, untraced(getattr(owner, name)))
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own folder."""
    return ROOT


@pytest.fixture(scope="session")
def synthesise() -> Synthesise:
    """Run a project's app.py; the CDK's own validation, which takes seconds, is left to `cdk synth`."""

    def run(project: Path, output: Path) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "CDK_OUTDIR": str(output),
            "CDK_VALIDATION": "false",
            "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        }
        app = [sys.executable, "app.py"]
        return subprocess.run(app, cwd=project, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="session")
def synthesise_once(tmp_path_factory: pytest.TempPathFactory, synthesise: Synthesise) -> Callable[[Path, str], Path]:
    """Synthesise a project to a folder of that name, once for all workers, and return the folder."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def run(project: Path, name: str) -> Path:
        output = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (output / "manifest.json").exists():
                app = synthesise(project, output)
                assert app.returncode == 0, app.stderr
        return output

    return run


@pytest.fixture(scope="session")
def assembly(synthesise_once: Callable[[Path, str], Path]) -> Path:
    """The project's cdk.out."""
    return synthesise_once(ROOT, "cdk.out")


@pytest.fixture(scope="session")
def templates_in() -> Callable[[Path], dict[str, Template]]:
    """Read the templates of a cdk.out, by their stacks' paths in the app, such as dev/bigmart."""

    def read(assembly: Path) -> dict[str, Template]:
        stage = assembly / "assembly-dev"
        artifacts = json.loads((stage / "manifest.json").read_text())["artifacts"].values()
        stacks = [item for item in artifacts if "displayName" in item]
        return {
            stack["displayName"]: json.loads((stage / stack["properties"]["templateFile"]).read_text())
            for stack in stacks
        }

    return read


@pytest.fixture(scope="session")
def load_template(assembly: Path, templates_in: Callable[[Path], dict[str, Template]]) -> Callable[[str], Template]:
    """Return the template of a stack, by its path in the app, such as dev/bigmart."""
    return templates_in(assembly).__getitem__


@pytest.fixture(scope="session")
def platform_template(load_template: Callable[[str], Template]) -> Template:
    return load_template("dev/platform")


@pytest.fixture(scope="session")
def pipeline_template(load_template: Callable[[str], Template]) -> Template:
    return load_template("dev/bigmart")


@pytest.fixture(scope="session")
def definition_in() -> Callable[[Template], dict[str, Any]]:
    """Return the definition of the state machine in a template, with the placeholders in it."""

    def read(template: Template) -> dict[str, Any]:
        resources = template["Resources"].values()
        (machine,) = [item for item in resources if item["Type"] == "AWS::StepFunctions::StateMachine"]
        parsed: dict[str, Any] = json.loads(machine["Properties"]["DefinitionString"])
        return parsed

    return read


@pytest.fixture(scope="session")
def definition(pipeline_template: Template, definition_in: Callable[[Template], dict[str, Any]]) -> dict[str, Any]:
    """The state machine's definition, with the placeholders in it."""
    return definition_in(pipeline_template)


@pytest.fixture(scope="session")
def evaluate() -> Evaluate:
    """Evaluate a `{% … %}` string of a definition, with the variables given."""

    def run(expression: str, **variables: Any) -> Any:
        assert expression.startswith("{%"), expression
        assert expression.endswith("%}"), expression
        jsonata = Jsonata(expression[2:-2])
        frame = jsonata.create_frame()
        for name, value in variables.items():
            frame.bind(name, value)
        return jsonata.evaluate(None, frame)

    return run


@pytest.fixture(scope="session")
def request_of(evaluate: Evaluate) -> RequestOf:
    """Return the request that a Task makes, with the variables given; it is valid by AWS's own model of the service."""
    session = botocore.session.get_session()
    models = {name: session.get_service_model(service) for name, service in SERVICES.items()}
    times = {"EnteredTime": "2026-11-20T10:00:00.000Z", "StartTime": "2026-11-20T09:00:00Z"}
    execution = "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:7c1f09ab"
    context = {
        "Execution": {"Id": execution, "RedriveCount": 0, "StartTime": times["StartTime"]},
        "State": {"RetryCount": 0, "EnteredTime": times["EnteredTime"]},
        "Task": {"Token": "token"},
    }

    def whole(value: Any, variables: dict[str, Any]) -> Any:
        if isinstance(value, dict):
            return {key: whole(item, variables) for key, item in value.items()}
        if isinstance(value, list):
            return [whole(item, variables) for item in value]
        if isinstance(value, str):
            value = re.sub(r"\$\{(\w+)\}", r"arn:aws:iam::123456789012:role/\1", value)
            return evaluate(value, states={"context": context}, **variables) if value.startswith("{%") else value
        return value

    def run(state: dict[str, Any], **variables: Any) -> Any:
        request = whole(state["Arguments"], variables)
        resource = state["Resource"].removesuffix(".sync").removesuffix(".waitForTaskToken")
        service, operation = resource.split(":")[-2:]
        # What goes to a function is its own matter, as long as it is JSON.
        sent = request | {"Payload": json.dumps(request["Payload"])} if "Payload" in request else request
        if service == "sfn":  # Step Functions writes all names as most services write theirs
            sent = {name[0].lower() + name[1:]: value for name, value in sent.items()}
        shape = models[service].operation_model(operation[0].upper() + operation[1:]).input_shape
        problems = ParamValidator().validate(sent, shape)
        assert not problems.has_errors(), problems.generate_report()
        return request

    return run
