"""What a function can do, and how its failures look."""

import json
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

ECHO = "def handler(event, context):\n    return event\n"
TRUST = json.dumps({"Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "sts:AssumeRole"}})


@pytest.mark.parametrize("event", [{"a": [1, None, "é😀"]}, None, "text", 0])
def test_a_function_returns_what_its_handler_returns(functions: Any, event: Any) -> None:
    answer = functions.run(ECHO, event)
    assert (answer.payload, answer.error) == (event, None)


def test_an_invocation_without_payload_has_an_empty_event(functions: Any) -> None:
    answer = functions.client.invoke(FunctionName=functions.create(ECHO))
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert json.loads(answer["Payload"].read()) == {}


def test_the_context_tells_of_the_invocation(functions: Any) -> None:
    code = """
def handler(event, context):
    left = context.get_remaining_time_in_millis()
    return [context.function_name, context.invoked_function_arn, context.memory_limit_in_mb, left,
            context.log_group_name, len(context.aws_request_id), context.function_version]
"""
    name = functions.create(code, MemorySize=256)
    function, arn, memory, left, group, id_length, version = functions.invoke(name).payload
    assert (function, version, memory, id_length) == (name, "$LATEST", "256", 36)
    assert arn == f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    assert group == f"/aws/lambda/{name}"
    assert 15_000 < left <= 20_000


def test_a_process_is_used_again(functions: Any) -> None:
    code = (
        "import os\ncalls = 0\ndef handler(e, c):\n    global calls\n    calls += 1\n    return [os.getpid(), calls]\n"
    )
    name = functions.create(code)
    (first, one), (second, two) = functions.invoke(name).payload, functions.invoke(name).payload
    assert (first, one, two) == (second, 1, 2)


def test_invocations_at_the_same_time_have_a_process_each(functions: Any) -> None:
    code = "import os, time\ndef handler(e, c):\n    time.sleep(0.5)\n    return os.getpid()\n"
    name, pids = functions.create(code), []
    threads = [threading.Thread(target=lambda: pids.append(functions.invoke(name).payload)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pids)) == 3


def test_the_environment_is_lambdas_and_nothing_of_the_callers(functions: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_TEST_SECRET", "leak")
    code = "import os\ndef handler(e, c):\n    return dict(os.environ)\n"
    environment = functions.run(code, Environment={"Variables": {"TOPIC": "t"}}).payload
    assert environment["TOPIC"] == "t"
    assert environment["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert environment["AWS_REGION"] == "us-east-1"
    assert environment["AWS_ENDPOINT_URL"] == functions.cloud.clients.url
    assert Path(environment["LAMBDA_TASK_ROOT"], "app.py").exists()
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert not {"PENSTOCK_TEST_SECRET", "HOME", "USER", "PYTHONPATH", "VIRTUAL_ENV"} & environment.keys()


def test_a_function_calls_aws_as_its_role(functions: Any) -> None:
    code = "import boto3\ndef handler(e, c):\n    return boto3.client('sts').get_caller_identity()['Arn']\n"
    name = functions.create(code)
    role = functions.role.rpartition("/")[2]
    assert functions.invoke(name).payload == f"arn:aws:sts::123456789012:assumed-role/{role}/{name}"


def test_a_function_does_not_find_what_is_installed_in_editable_form(functions: Any) -> None:
    answer = functions.run("import penstock\ndef handler(e, c):\n    return 1\n")
    assert answer.payload["errorMessage"] == "Unable to import module 'app': No module named 'penstock'"


def test_a_handler_in_a_package(functions: Any, zipped: Any) -> None:
    files = {
        "hooks/__init__.py": "",
        "hooks/prepare.py": "from hooks import rules\ndef handler(e, c): return rules.X\n",
    }
    code = {"ZipFile": zipped({**files, "hooks/rules.py": "X = 5\n"})}
    for handler in ("hooks.prepare.handler", "hooks/prepare.handler"):
        assert functions.run("", Code=code, Handler=handler).payload == 5


def test_an_exception_is_reported_by_its_class(functions: Any) -> None:
    code = """
class InvalidInput(Exception):
    pass

def check(event):
    raise InvalidInput('data: "x" is no S3 address')

def handler(event, context):
    check(event)
"""
    answer = functions.run(code)
    assert answer.error == "Unhandled"
    assert answer.payload["errorType"] == "InvalidInput"
    assert answer.payload["errorMessage"] == 'data: "x" is no S3 address'
    assert len(answer.payload["requestId"]) == 36
    assert [line.strip().splitlines()[-1].strip() for line in answer.payload["stackTrace"]] == [
        "check(event)",
        "raise InvalidInput('data: \"x\" is no S3 address')",
    ]


def test_a_process_outlives_an_exception(functions: Any) -> None:
    code = "import os\ndef handler(e, c):\n    if e: raise ValueError(os.getpid())\n    return os.getpid()\n"
    name = functions.create(code)
    assert functions.invoke(name, 1).payload["errorMessage"] == str(functions.invoke(name, 0).payload)


@pytest.mark.parametrize(
    ("code", "settings", "error", "message"),
    [
        ("import nothing", {}, "Runtime.ImportModuleError", "Unable to import module 'app': No module named 'nothing'"),
        ("def handler(", {}, "Runtime.UserCodeSyntaxError", "Syntax error in module 'app': '(' was never closed"),
        ("x = 1", {}, "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
        ("1 / 0", {}, "ZeroDivisionError", "division by zero"),
        (ECHO, {"Handler": "app"}, "Runtime.MalformedHandlerName", "Bad handler 'app'"),
        (
            "def handler(e, c): return {1, 2}",
            {},
            "Runtime.MarshalError",
            "Unable to marshal response: Object of type set is not JSON serializable",
        ),
        ("import sys\ndef handler(e, c): sys.exit(3)", {}, "Runtime.ExitError", "error: exit status 3"),
        ("import os\ndef handler(e, c): os._exit(0)", {}, "Runtime.ExitError", "exited without providing a reason"),
        ("import os\ndef handler(e, c): os.kill(os.getpid(), 9)", {}, "Runtime.ExitError", "error: signal: killed"),
    ],
)
def test_a_failure_of_the_runtime_has_its_name(
    functions: Any, code: str, settings: Any, error: str, message: str
) -> None:
    answer = functions.run(code, **settings)
    assert (answer.error, answer.payload["errorType"]) == ("Unhandled", error)
    assert message in answer.payload["errorMessage"]


def test_a_function_that_broke_starts_again(functions: Any) -> None:
    name = functions.create("import os\ndef handler(e, c):\n    if e: os._exit(1)\n    return 'fine'\n")
    assert functions.invoke(name, 1).error == "Unhandled"
    assert functions.invoke(name, 0).payload == "fine"


def test_a_process_that_dies_between_invocations_is_replaced(functions: Any, until: Any) -> None:
    name = functions.create("import os\ndef handler(e, c): return os.getpid()\n")
    first = functions.invoke(name).payload
    os.kill(first, 9)
    until(lambda: not Path(f"/proc/{first}").exists())
    assert functions.invoke(name).payload != first


def test_a_function_out_of_time_is_killed(functions: Any) -> None:
    code = "import os, time\ndef handler(e, c):\n    print('pid', os.getpid())\n    time.sleep(60)\n"
    started = time.monotonic()
    answer = functions.run(code, Timeout=1)
    assert time.monotonic() - started < 5
    assert answer.payload["errorType"] == "Sandbox.Timedout"
    assert answer.payload["errorMessage"].endswith(" Error: Task timed out after 1.00 seconds")
    pid = int(answer.log.partition("pid ")[2].split()[0])
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_a_function_started_ends_with_it(functions: Any, until: Any) -> None:
    code = "import subprocess\ndef handler(e, c): return subprocess.Popen(['sleep', '600']).pid\n"
    name = functions.create(code)
    pid = functions.invoke(name).payload
    functions.client.delete_function(FunctionName=name)

    def gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False

    assert until(gone)


def test_the_largest_payload_passes(functions: Any) -> None:
    event = "x" * (6 * 1024 * 1024 - 2)
    assert functions.run(ECHO, event).payload == event


def test_a_larger_payload_is_refused(functions: Any) -> None:
    with pytest.raises(functions.client.exceptions.RequestTooLargeException):
        functions.run(ECHO, "x" * (6 * 1024 * 1024))


def test_a_larger_answer_is_refused(functions: Any) -> None:
    answer = functions.run("def handler(e, c): return 'x' * 6_300_000\n")
    assert answer.payload["errorType"] == "Function.ResponseSizeTooLarge"


def test_a_payload_that_is_no_json_is_refused(functions: Any) -> None:
    with pytest.raises(functions.client.exceptions.InvalidRequestContentException):
        functions.client.invoke(FunctionName=functions.create(ECHO), Payload=b"{")


@pytest.mark.parametrize(("kind", "answer"), [("DryRun", {"StatusCode": 204}), ("Event", {"StatusCode": 202})])
def test_who_does_not_wait_gets_no_payload(functions: Any, kind: str, answer: Any) -> None:
    name = functions.create(ECHO)
    assert functions.service.call("Invoke", {"FunctionName": name, "InvocationType": kind}, None) == answer


@pytest.mark.parametrize("form", ["{arn}", "123456789012:function:{name}", "{arn}:$LATEST"])
def test_a_function_goes_by_its_arn_too(functions: Any, form: str) -> None:
    name = functions.create(ECHO)
    arn = f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
    assert functions.invoke(form.format(name=name, arn=arn), 1).payload == 1


@pytest.mark.parametrize("qualifier", ["", ":7"])
def test_a_function_that_is_not_there_is_not_found(functions: Any, qualifier: str) -> None:
    functions.create(ECHO)
    name = f"function-0{qualifier}" if qualifier else "nothing"
    with pytest.raises(ClientError, match="Function not found") as raised:
        functions.invoke(name)
    assert raised.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_updated_code_runs(functions: Any, zipped: Any) -> None:
    name = functions.create("def handler(e, c): return 1")
    functions.invoke(name)
    archive = zipped({"app.py": "def handler(e, c): return 2"})
    functions.client.update_function_code(FunctionName=name, ZipFile=archive)
    assert functions.invoke(name).payload == 2


def test_an_updated_configuration_runs(functions: Any) -> None:
    name = functions.create("import os\ndef handler(e, c): return os.environ.get('NAME')")
    functions.invoke(name)
    functions.client.update_function_configuration(FunctionName=name, Environment={"Variables": {"NAME": "b"}})
    assert functions.invoke(name).payload == "b"


def test_a_process_that_was_busy_during_an_update_is_not_used_again(functions: Any, tmp_path: Path, until: Any) -> None:
    code = """
import os, pathlib, time
def handler(event, context):
    if event:
        pathlib.Path(event).touch()
        time.sleep(0.5)
    return os.environ.get("NAME")
"""
    name, begun = functions.create(code), tmp_path / "begun"
    busy = threading.Thread(target=lambda: functions.invoke(name, str(begun)))
    busy.start()
    until(begun.exists)
    functions.client.update_function_configuration(FunctionName=name, Environment={"Variables": {"NAME": "new"}})
    busy.join()
    assert functions.invoke(name).payload == "new"


def test_a_role_that_lambda_may_not_assume(functions: Any) -> None:
    iam = functions.cloud.clients.operator("iam")
    role = iam.create_role(RoleName="closed", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    name = functions.create("def handler(event, context): pass", Role=role)
    with pytest.raises(ClientError, match=r"AccessDeniedException.* cannot be assumed by Lambda\. .*sts:AssumeRole"):
        functions.invoke(name)
