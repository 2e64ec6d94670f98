from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError

from penstock.local.deploy.resources.client import Lenient


@pytest.fixture
def asked(account: Any) -> Any:
    """Call an operation of a lenient client, and return what it would have sent."""

    def call(service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        client, found = account.client(service), []

        def note(params: dict[str, Any], **_: Any) -> None:
            found.append(params)
            raise RuntimeError

        event = f"provide-client-params.{service}"
        client.meta.events.register(event, note, "note")
        with pytest.raises(RuntimeError):
            getattr(Lenient(client), operation)(**parameters)
        client.meta.events.unregister(event, unique_id="note")
        return dict(found[0])

    return call


def test_single_values_are_in_the_services_own_types(asked: Any) -> None:
    given: dict[str, Any] = {
        "AlarmName": 5,
        "EvaluationPeriods": "3",
        "Threshold": "0.5",
        "ActionsEnabled": "false",
        "Dimensions": [{"Name": "Number", "Value": 7}],
    }
    assert asked("cloudwatch", "put_metric_alarm", **given) == {
        "AlarmName": "5",
        "EvaluationPeriods": 3,
        "Threshold": 0.5,
        "ActionsEnabled": False,
        "Dimensions": [{"Name": "Number", "Value": "7"}],
    }


def test_the_values_of_a_map_are_texts(asked: Any) -> None:
    variables = {"Environment": {"Variables": {"COUNT": 3, "ON": True}}}
    sent = asked("lambda", "update_function_configuration", FunctionName="f", **variables)
    assert sent["Environment"]["Variables"] == {"COUNT": "3", "ON": "true"}


def test_what_is_of_no_such_type_is_left_to_be_refused(asked: Any) -> None:
    given = {"AlarmName": ["a"], "EvaluationPeriods": "soon", "Unknown": 1, "ActionsEnabled": "maybe"}
    assert asked("cloudwatch", "put_metric_alarm", **given) == given


@pytest.mark.parametrize(("times", "ends"), [(3, "well"), (9, "badly")])
def test_a_throttled_call_is_made_again_for_a_while(account: Any, times: int, ends: str) -> None:
    def throttle(**_: Any) -> Any:
        calls.append(1)
        body = {"Error": {"Code": "Throttling", "Message": "Rate exceeded"}} if len(calls) <= times else {}
        return AWSResponse("", 400 if body else 200, {}, None), body | {"ResponseMetadata": {}}

    client, calls = account.client("sns"), list[int]()
    client.meta.events.register("before-call.sns.ListTopics", throttle, "throttle")
    try:
        Lenient(client).list_topics()
        ended = "well"
    except ClientError:
        ended = "badly"
    client.meta.events.unregister("before-call.sns.ListTopics", unique_id="throttle")
    assert (ended, len(calls)) == (ends, min(times + 1, 5))


def test_what_is_no_operation_is_the_clients_own(account: Any) -> None:
    client = account.client("sns")
    assert Lenient(client).exceptions is client.exceptions
