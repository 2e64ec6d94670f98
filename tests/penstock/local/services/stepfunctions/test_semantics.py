"""The States Language, case by case: what semantics/*.yaml takes from its specification and from AWS's documentation.

Every execution is started before the first one is looked at, so that all of them together take as long as the longest.
"""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from penstock.local.service import AwsError

SPEED = 20  # seconds of the cloud in one of the machine: waits and intervals pass faster, time-outs do not
FOLDER = Path(__file__).parent / "semantics"
CASES = {
    f"{file.stem}: {case['name']}": {"language": "JSONata" if file.stem == "jsonata" else "JSONPath", **case}
    for file in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(file.read_text())
}
LONG = {"long": "eHh4" * 2501}
INVOKE = "arn:aws:states:::lambda:invoke"


class Functions:
    """The functions that the cases call."""

    def __init__(self, service: Any) -> None:
        self._states = service.client
        self._failed: Counter[str] = Counter()
        service.fake("lambda").answers["Invoke"] = self._invoke

    def _invoke(self, request: Any) -> Any:
        payload = json.loads(request["Payload"])
        error, answer = getattr(self, f"_{request['FunctionName']}")(payload)
        failed = {"FunctionError": "Unhandled"} if error else {}
        given = {"errorType": error, "errorMessage": "no"} if error else answer
        return {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": json.dumps(given).encode()} | failed

    def _echo(self, payload: Any) -> Any:
        return None, payload

    def _large(self, _payload: Any) -> Any:
        return None, "x" * 262_200

    def _sleep(self, payload: Any) -> Any:
        time.sleep(payload)
        return None, payload

    def _flaky(self, payload: Any) -> Any:
        failed, errors = self._failed[payload["key"]], payload["error"]
        if failed == payload["times"]:
            return None, payload.get("give", failed)
        self._failed[payload["key"]] += 1
        return (errors[failed] if isinstance(errors, list) else errors), None

    def _succeed(self, payload: Any) -> Any:
        self._states.send_task_success(taskToken=payload["token"], output=json.dumps({"n": payload["n"]}))
        return None, None

    def _fail(self, payload: Any) -> Any:
        self._states.send_task_failure(taskToken=payload["token"], error="NotToday", cause="it rains")
        return None, None


def states_of(case: Any) -> Any:
    """The states of a case, of which most give one thing only."""
    if "states" in case:
        return case["states"]
    if "function" in case:
        return {"S": {"Type": "Pass", "Parameters": {"v.$": case["function"]}, "OutputPath": "$.v", "End": True}}
    if "expression" in case:
        return {"S": {"Type": "Pass", "Output": f"{{% {case['expression']} %}}", "End": True}}
    if "rule" in case:
        choose = {"Type": "Choice", "Choices": [{**case["rule"], "Next": "Yes"}], "Default": "No"}
        ends = {name: {"Type": "Pass", "Result": name == "Yes", "End": True} for name in ("Yes", "No")}
        return {"Choose": choose, **ends}
    if "task" in case or "sleep" in case:
        name, payload = ("flaky", case["task"]) if "task" in case else ("sleep", case["sleep"])
        call = {"Type": "Task", "Resource": INVOKE, "Parameters": {"FunctionName": name, "Payload": payload}}
        result = {"ResultSelector": {"v.$": "$.Payload"}, "OutputPath": "$.v", "End": True}
        caught = {"Caught": {"Type": "Succeed"}} if "Catch" in case["more"] else {}
        return {"S": {**call, **result, **case["more"]}, **caught}
    end = {} if case["state"]["Type"] in {"Succeed", "Fail", "Choice"} else {"End": True}
    return {"S": {**case["state"], **end}}


@pytest.fixture(scope="module")
def started(small_cloud: Any, make_service: Any) -> Any:
    """Step Functions, and the execution of every case, all started at once."""
    service = make_service(small_cloud, speed=SPEED)
    Functions(service)
    arns: dict[str, Any] = {}
    for name, case in CASES.items():
        top = {"QueryLanguage": case["language"], **case.get("top", {})}
        try:
            given = LONG if case.get("input") == {"long": "PAD"} else case.get("input", {})
            arns[name] = service.start(states_of(case), given, **top)
        except (AwsError, service.client.exceptions.ClientError) as error:
            arns[name] = error
    return service, arns


def test_there_are_enough_cases_of_both_languages() -> None:
    languages = Counter(case["language"] for case in CASES.values())
    assert sum(languages.values()) >= 120
    assert min(languages.values()) >= 40


@pytest.mark.parametrize("name", CASES)
def test_case(started: Any, name: str) -> None:
    service, arns = started
    case, arn = CASES[name], arns[name]
    if isinstance(arn, Exception):
        raise arn
    execution = service.wait(arn)
    told = {key: execution.get(key) for key in ("status", "output", "error", "cause")}
    if "error" in case or "status" in case:
        assert told["status"] == case.get("status", "FAILED"), told
        assert told["error"] == case.get("error"), told
        assert case.get("cause", "") in (told["cause"] or "")
    else:
        assert told["status"] == "SUCCEEDED", told
        assert json.loads(told["output"]) == case.get("output", case.get("holds")), told
    passed = (execution["stopDate"] - execution["startDate"]).total_seconds()
    assert passed >= case.get("seconds", 0)
