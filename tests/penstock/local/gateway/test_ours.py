from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from moto.core.model import OperationModel
from moto.core.utils import get_service_model

from penstock.local.clock import Clock
from penstock.local.gateway import ours
from penstock.local.gateway.journal import Journal
from penstock.local.gateway.moto import Moto
from penstock.local.gateway.requests import Call
from penstock.local.replay import replay
from penstock.local.service import AwsError, Caller, JsonObject

OPERATOR = Caller("AKIA", "123456789012", "arn:aws:iam::123456789012:user/operator")


class Models:
    """A service of ours, as far as it goes by the clock."""

    name = "sagemaker"
    JOURNALLED = frozenset({"CreateModel"})

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.calls: list[tuple[str, JsonObject, Caller, datetime]] = []

    def call(self, operation: str, request: JsonObject, caller: Caller) -> JsonObject:
        if request["ModelName"] == "refused":
            raise AwsError("ValidationException", "No.")
        self.calls.append((operation, request, caller, self._clock.now()))
        return {"ModelArn": "arn:aws:sagemaker:us-east-1:123456789012:model/m"} if operation == "CreateModel" else {}

    def close(self) -> None:
        """Nothing to end."""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal(tmp_path, Clock())) as journal:
        journal.begin()
        yield journal


def call(name: str, **parameters: object) -> Call:
    operation: OperationModel = get_service_model("sagemaker").operation_model(name)
    return Call("sagemaker", operation, parameters, b"", "json")


def test_what_the_service_names_is_done_again_at_its_time_by_who_did_it(journal: Journal) -> None:
    first, again = Models(journal.clock), Models(journal.clock)
    when = datetime(2026, 1, 1, tzinfo=UTC)
    with journal.clock.at(when):
        ours.serve(first, call("CreateModel", ModelName="m", Body=b"\x00"), OPERATOR, journal)
        ours.serve(first, call("DeleteModel", ModelName="m"), OPERATOR, journal)
        with pytest.raises(AwsError):
            ours.serve(first, call("CreateModel", ModelName="refused"), OPERATOR, journal)
    replay(journal, Moto({}, journal), {"sagemaker": again})
    assert again.calls == [("CreateModel", {"ModelName": "m", "Body": b"\x00"}, OPERATOR, when)]


def test_without_a_journal_it_is_served_all_the_same() -> None:
    service = Models(Clock())
    assert ours.serve(service, call("CreateModel", ModelName="m"), OPERATOR, None)["ModelArn"].endswith("model/m")
