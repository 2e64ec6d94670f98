"""Functions of a cloud that comes back."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from penstock.local.clock import Clock
from penstock.local.faults import Faults
from penstock.local.service import AwsError, Caller, JsonObject
from penstock.local.services.cloudwatch import Metrics
from penstock.local.services.functions import Lambda
from penstock.local.store import Store

OPERATOR = Caller("AKIA", "123456789012", "arn:aws:iam::123456789012:user/operator")
CODE = "def handler(event, context):\n    return event\n"


class Lives:
    """Lambda, with one store and one folder for all its lives."""

    def __init__(self, cloud: Any, work: Path) -> None:
        self._cloud = cloud
        self.work = work
        self._store = Store()
        self._lambda = self._begin()

    def _begin(self) -> Lambda:
        clock = Clock()
        metrics = Metrics(clock=clock, store=Store())
        return Lambda(
            clients=self._cloud.clients,
            work=self.work,
            faults=Faults(),
            metrics=metrics,
            clock=clock,
            store=self._store,
        )

    def call(self, operation: str, **request: Any) -> JsonObject:
        return self._lambda.call(operation, request, OPERATOR)

    def again(self) -> None:
        """End it, and take up what it has kept."""
        self.close()
        self._lambda = self._begin()
        self.lost = self._lambda.restore()

    def close(self) -> None:
        self._lambda.close()


@pytest.fixture
def lives(small_cloud: Any, tmp_path: Path, zipped: Any) -> Any:
    lives = Lives(small_cloud, tmp_path)
    create(lives, "f", zipped, CODE, Tags={"pipeline": "bigmart"})
    yield lives
    lives.close()


def create(lives: Lives, name: str, zipped: Any, code: str, **settings: Any) -> None:
    lives.call(
        "CreateFunction",
        FunctionName=name,
        Runtime="python3.13",
        Handler="app.handler",
        Role=lives._cloud.role(),
        Code={"ZipFile": zipped({"app.py": code})},
        **settings,
    )


def seen(lives: Lives) -> list[JsonObject]:
    """Everything that there is to see of the function f."""
    name = {"FunctionName": "f"}
    return [lives.call(read, **name) for read in ("GetFunction", "GetPolicy", "GetFunctionEventInvokeConfig")]


def test_a_function_is_as_it_was_in_every_respect_and_runs(lives: Lives) -> None:
    lives.call("UpdateFunctionConfiguration", FunctionName="f", Environment={"Variables": {"NAME": "b"}})
    lives.call(
        "AddPermission",
        FunctionName="f",
        StatementId="events",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
    )
    lives.call("PutFunctionEventInvokeConfig", FunctionName="f", MaximumRetryAttempts=1)
    before = seen(lives)
    lives.again()
    assert seen(lives) == before
    assert lives.call("Invoke", FunctionName="f", Payload=b'{"a": 1}')["Payload"] == b'{"a": 1}'


def test_what_was_taken_away_does_not_come_back(lives: Lives, zipped: Any) -> None:
    create(lives, "gone", zipped, CODE)
    lives.call("DeleteFunction", FunctionName="gone")
    arn = lives.call("GetFunction", FunctionName="f")["Configuration"]["FunctionArn"]
    lives.call("UntagResource", Resource=arn, TagKeys=["pipeline"])
    permission = {"FunctionName": "f", "StatementId": "s", "Action": "lambda:InvokeFunction", "Principal": "1"}
    lives.call("AddPermission", **permission)
    lives.call("RemovePermission", FunctionName="f", StatementId="s")
    lives.call("PutFunctionEventInvokeConfig", FunctionName="f")
    lives.call("DeleteFunctionEventInvokeConfig", FunctionName="f")
    lives.again()
    assert lives.call("ListTags", Resource=arn)["Tags"] == {}
    for operation, name in (("GetFunction", "gone"), ("GetPolicy", "f"), ("GetFunctionEventInvokeConfig", "f")):
        with pytest.raises(AwsError, match="ResourceNotFoundException"):
            lives.call(operation, FunctionName=name)


def test_code_that_no_function_runs_any_more_is_removed(lives: Lives, zipped: Any) -> None:
    lives.call("UpdateFunctionCode", FunctionName="f", ZipFile=zipped({"app.py": CODE + "\n"}))
    assert len(list((lives.work / "code").iterdir())) == 2
    lives.again()
    assert len(list((lives.work / "code").iterdir())) == 1
    assert lives.call("Invoke", FunctionName="f", Payload=b"1")["Payload"] == b"1"


def test_a_function_whose_code_somebody_has_removed_is_named(lives: Lives) -> None:
    (folder,) = (lives.work / "code").iterdir()
    shutil.rmtree(folder)
    lives.again()
    assert lives.lost == [f"Lost: the code of function f, as {folder} is gone."]
