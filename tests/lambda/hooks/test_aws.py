import io
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from hooks import aws
from hooks.rules import Copy, DataObject

Stub = Callable[[str], Stubber]


def _version(key: str, *, latest: bool = True) -> dict[str, Any]:
    return {"Key": key, "VersionId": f"v-{key}", "Size": 3, "IsLatest": latest}


def test_only_current_versions_of_files_are_data(stub: Stub) -> None:
    versions = [_version("in/"), _version("in/a.csv"), _version("in/a.csv", latest=False), _version("in/b.csv")]
    stub("s3").add_response("list_object_versions", {"Versions": versions}, {"Bucket": "data", "Prefix": "in/"})
    assert aws.latest_versions("data", "in/", limit=9) == [
        DataObject("in/a.csv", "v-in/a.csv", 3),
        DataObject("in/b.csv", "v-in/b.csv", 3),
    ]


def test_one_file_is_not_what_begins_like_it(stub: Stub) -> None:
    versions = [_version("a.csv"), _version("a.csv.bak")]
    stub("s3").add_response("list_object_versions", {"Versions": versions}, {"Bucket": "data", "Prefix": "a.csv"})
    assert [item.key for item in aws.latest_versions("data", "a.csv", limit=9)] == ["a.csv"]


def test_keys_after_the_file_are_not_listed(stub: Stub) -> None:
    page = {"Versions": [_version("a.csv"), _version("a.csv0")], "IsTruncated": True, "NextKeyMarker": "a.csv0"}
    stub("s3").add_response("list_object_versions", page, {"Bucket": "data", "Prefix": "a.csv"})
    assert len(aws.latest_versions("data", "a.csv", limit=9)) == 1


def test_a_long_list_is_read_to_its_limit(stub: Stub) -> None:
    page = {"Versions": [_version("in/a.csv"), _version("in/b.csv")], "IsTruncated": True, "NextKeyMarker": "in/b.csv"}
    stub("s3").add_response("list_object_versions", page, {"Bucket": "data", "Prefix": "in/"})
    assert len(aws.latest_versions("data", "in/", limit=1)) == 1


def test_no_data_are_no_error(stub: Stub) -> None:
    stub("s3").add_response("list_object_versions", {}, {"Bucket": "data", "Prefix": "in/"})
    assert aws.latest_versions("data", "in/", limit=9) == []


def test_what_is_written_once_stays(stub: Stub) -> None:
    s3 = stub("s3")
    s3.add_client_error("put_object", "PreconditionFailed", http_status_code=412)
    body = StreamingBody(io.BytesIO(b'["first"]'), 9)
    s3.add_response("get_object", {"Body": body}, {"Bucket": "artefacts", "Key": "pinned.json"})
    assert aws.write_once("artefacts", "pinned.json", ["second"]) == ["first"]


def test_a_conflict_with_another_writer_is_tried_again(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "_CONFLICT_SECONDS", 0)
    s3 = stub("s3")
    s3.add_client_error("put_object", "ConditionalRequestConflict", http_status_code=409)
    s3.add_response("put_object", {})
    assert aws.write_once("artefacts", "pinned.json", ["first"]) == ["first"]


def test_a_conflict_that_does_not_end_is_raised(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "_CONFLICT_SECONDS", 0)
    s3 = stub("s3")
    for _ in range(5):
        s3.add_client_error("put_object", "ConditionalRequestConflict", http_status_code=409)
    with pytest.raises(ClientError, match="ConditionalRequestConflict"):
        aws.write_once("artefacts", "pinned.json", [])


def test_a_file_of_a_usual_size_is_copied_in_one_call(stub: Stub) -> None:
    s3 = stub("s3")
    s3.add_response("head_object", {"ContentLength": 200 * 1024**2, "ETag": '"etag"'})
    s3.add_response("copy_object", {})
    aws.copy_all("data", "artefacts", [Copy("a.csv", "v1", 1, "0000-a.csv")], tag="penstock=pinned-data")
    s3.assert_no_pending_responses()


def test_another_error_in_writing_is_raised(stub: Stub) -> None:
    stub("s3").add_client_error("put_object", "AccessDenied")
    with pytest.raises(ClientError, match="AccessDenied"):
        aws.write_once("artefacts", "pinned.json", [])


def test_the_model_that_answered_is_known(stub: Stub) -> None:
    answer = {"Body": StreamingBody(io.BytesIO(b"1.5\n"), 4), "CustomAttributes": "model=0123456789ab"}
    request = {"EndpointName": "dev-bigmart", "ContentType": "text/csv", "Accept": "text/csv", "Body": b"a\n1\n"}
    stub("sagemaker-runtime").add_response("invoke_endpoint", answer, request)
    assert aws.predict("dev-bigmart", "a\n1\n") == ("1.5\n", "model=0123456789ab")


def test_an_endpoint_that_is_not_there_is_none(stub: Stub) -> None:
    message = 'Could not find endpoint "arn:aws:sagemaker:us-east-1:123456789012:endpoint/dev-bigmart".'
    stub("sagemaker").add_client_error("describe_endpoint", "ValidationException", message)
    assert aws.describe_endpoint("dev-bigmart") is None


def test_another_error_in_describing_is_raised(stub: Stub) -> None:
    stub("sagemaker").add_client_error("describe_endpoint", "ThrottlingException", "Rate exceeded")
    with pytest.raises(ClientError, match="Rate exceeded"):
        aws.describe_endpoint("dev-bigmart")


def test_a_client_is_made_once() -> None:
    assert aws.client("sns") is aws.client("sns")
