import base64
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.capture import record
from penstock.local.services.sagemaker.connections import Answer

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BOTH = [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}]


def config(percent: int = 100, **more: Any) -> JsonObject:
    made = {"InitialSamplingPercentage": percent, "DestinationS3Uri": "s3://artefacts/capture/"}
    return {**made, "CaptureOptions": BOTH, **more}


def capturing(world: Any, name: str = "a", script: str = "", **capture: Any) -> None:
    """Make a model and a configuration that captures."""
    world.model(name, script)
    variant = {"VariantName": "main", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    world.call(
        "CreateEndpointConfig",
        EndpointConfigName=name,
        ProductionVariants=[variant],
        DataCaptureConfig=config(**capture),
    )


def endpoint(world: Any, **capture: Any) -> None:
    capturing(world, **capture)
    world.call("CreateEndpoint", EndpointName="e", EndpointConfigName="a")
    world.settled()


def keys(world: Any) -> list[str]:
    listed = world.clients.operator("s3").list_objects_v2(Bucket="artefacts", Prefix="capture/")
    return [item["Key"] for item in listed.get("Contents", [])]


def captured(world: Any) -> list[JsonObject]:
    """All that was captured, once the runtime has ended."""
    world.runtime.close()
    return [json.loads(line) for key in keys(world) for line in world.get(key).splitlines()]


def test_a_record_is_as_sagemaker_writes_it() -> None:
    request = {"Body": b"1,2", "ContentType": "text/csv", "InferenceId": "i", "CustomAttributes": "a=b"}
    answer = Answer(200, {"content-type": "application/json; charset=utf-8"}, b"[3]")
    headers = {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]}
    made = record(config(CaptureContentTypeHeader=headers), request, answer, NOW)
    assert made["eventMetadata"].pop("eventId")
    assert made == {
        "captureData": {
            "endpointInput": {
                "observedContentType": "text/csv",
                "mode": "INPUT",
                "data": "1,2",
                "encoding": "CSV",
            },
            "endpointOutput": {
                "observedContentType": "application/json; charset=utf-8",
                "mode": "OUTPUT",
                "data": "[3]",
                "encoding": "JSON",
            },
        },
        "eventMetadata": {"inferenceId": "i", "customAttributes": ["a=b"], "inferenceTime": "2026-11-20T09:30:00Z"},
        "eventVersion": "0",
    }


@pytest.mark.parametrize(
    ("headers", "body"),
    [({}, b"1,2"), ({"JsonContentTypes": ["text/json"]}, b"1"), ({"CsvContentTypes": ["text/csv"]}, b"\xff")],
)
def test_data_of_another_kind_are_in_base64(headers: Any, body: bytes) -> None:
    request = {"Body": body, "ContentType": "text/csv"}
    made = record(config(CaptureContentTypeHeader=headers), request, Answer(200, {}, b""), NOW)
    sent = made["captureData"]["endpointInput"]
    assert (base64.b64decode(sent["data"]), sent["encoding"]) == (body, "BASE64")


@pytest.mark.parametrize(
    ("modes", "parts"),
    [
        (["Input"], ["endpointInput"]),
        (["Output"], ["endpointOutput"]),
        (["InputAndOutput"], ["endpointInput", "endpointOutput"]),
    ],
)
def test_only_what_is_asked_for_is_kept(modes: list[str], parts: list[str]) -> None:
    options = [{"CaptureMode": mode} for mode in modes]
    made = record(config(CaptureOptions=options), {}, Answer(200, {}, b""), NOW)
    assert sorted(made["captureData"]) == parts


def test_exchanges_are_in_files_by_variant_and_hour_in_the_end(world: Any) -> None:
    endpoint(world)
    for index in range(5):
        world.invoke(Body=b"%d" % index, ContentType="text/csv")
    found = captured(world)
    assert [base64.b64decode(one["captureData"]["endpointInput"]["data"]) for one in found] == [
        b"%d" % index for index in range(5)
    ]
    (key,) = keys(world)
    assert re.fullmatch(r"capture/e/main/\d{4}/\d\d/\d\d/\d\d/\d\d-\d\d-\d{3}-[0-9a-f-]{36}\.jsonl", key)


def test_they_are_written_while_the_cloud_runs(world: Any, until: Any) -> None:
    world.clock.speed = 1000.0
    endpoint(world)
    world.invoke()
    until(lambda: keys(world))


def test_only_the_sampling_percentage_is_captured(world: Any) -> None:
    endpoint(world, percent=20)
    for _ in range(10):
        world.invoke()
    assert len(captured(world)) == 2


def test_nothing_is_captured_where_that_is_off(world: Any) -> None:
    endpoint(world, EnableCapture=False)
    world.invoke()
    assert captured(world) == []
    assert world.settled()["DataCaptureConfig"]["CaptureStatus"] == "Stopped"


def test_it_is_described(world: Any) -> None:
    endpoint(world, percent=20)
    assert world.settled()["DataCaptureConfig"] == {
        "EnableCapture": True,
        "CaptureStatus": "Started",
        "CurrentSamplingPercentage": 20,
        "DestinationS3Uri": "s3://artefacts/capture/",
        "KmsKeyId": "",
    }


def test_it_is_written_as_the_execution_role_and_no_caller_hears_of_a_denial(world: Any) -> None:
    endpoint(world)
    world.deny("s3:PutObject")
    assert world.invoke()["Body"] == b"x"
    assert captured(world) == []


@pytest.mark.parametrize(("excluded", "percent"), [([], 20), ([{"VariantPropertyType": "DataCaptureConfig"}], 70)])
def test_an_update_retains_it_unless_it_is_excluded(world: Any, excluded: Any, percent: int) -> None:
    endpoint(world, percent=20)
    capturing(world, "b", percent=70)
    shown = world.update("b", RetainAllVariantProperties=True, ExcludeRetainedVariantProperties=excluded)
    assert shown["DataCaptureConfig"]["CurrentSamplingPercentage"] == percent
