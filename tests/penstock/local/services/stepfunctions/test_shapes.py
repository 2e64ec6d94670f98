import io
from datetime import UTC, datetime
from typing import Any

import botocore.session
from botocore.response import StreamingBody

from penstock.local.clock import iso
from penstock.local.services.stepfunctions.shapes import epoch_milliseconds, to_request, to_state

MOMENT = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)


def shape(service: str, operation: str, kind: str) -> Any:
    return getattr(botocore.session.Session().get_service_model(service).operation_model(operation), f"{kind}_shape")


def test_arguments_get_the_names_of_the_api() -> None:
    arguments = {"ResourceArn": "arn", "Tags": [{"Key": "k", "Value": "v"}], "Unknown": 1}
    assert to_request(arguments, shape("stepfunctions", "TagResource", "input")) == {
        "resourceArn": "arn",
        "tags": [{"key": "k", "value": "v"}],
        "Unknown": 1,
    }


def test_maps_keep_their_keys() -> None:
    job = shape("sagemaker", "CreateTrainingJob", "input")
    assert to_request({"HyperParameters": {"n_estimators": "5"}}, job) == {"HyperParameters": {"n_estimators": "5"}}


def test_values_that_are_sent_as_bytes_are_json() -> None:
    invoke = shape("lambda", "Invoke", "input")
    assert to_request({"Payload": {"a": [1]}}, invoke) == {"Payload": b'{"a":[1]}'}
    assert to_request({"Payload": b"as it is"}, invoke) == {"Payload": b"as it is"}


def test_values_of_another_kind_than_the_api_has_are_left_to_its_client() -> None:
    assert to_request({"Tags": "no list"}, shape("sagemaker", "AddTags", "input")) == {"Tags": "no list"}
    assert to_request({"a": 1}, None) == {"a": 1}


def test_responses_are_pascal_case_and_json() -> None:
    response = {
        "executions": [{"executionArn": "arn", "startDate": MOMENT}],
        "nextToken": "t",
        "ResponseMetadata": {"HTTPStatusCode": 200},
    }
    listed = to_state(response, shape("stepfunctions", "ListExecutions", "output"), iso)
    assert listed == {
        "Executions": [{"ExecutionArn": "arn", "StartDate": "2026-11-20T09:30:00.123Z"}],
        "NextToken": "t",
    }


def test_bodies_are_text() -> None:
    body = StreamingBody(io.BytesIO("é".encode()), 2)
    assert to_state({"Body": body}, shape("s3", "GetObject", "output"), iso) == {"Body": "é"}


def test_maps_of_a_response_keep_their_keys() -> None:
    response = {"HyperParameters": {"n_estimators": "5"}}
    assert to_state(response, shape("sagemaker", "DescribeTrainingJob", "output"), iso) == response


def test_a_time_in_milliseconds() -> None:
    assert epoch_milliseconds(MOMENT) == 1795167000123
