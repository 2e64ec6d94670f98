import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from hooks.aws import s3
from hooks.rules import Copy, DataObject
from hooks.tidying import Stored

Stub = Callable[[str], Stubber]


def _version(key: str, *, latest: bool = True) -> dict[str, Any]:
    return {"Key": key, "VersionId": f"v-{key}", "Size": 3, "IsLatest": latest}


def test_only_current_versions_of_files_are_data(stub: Stub) -> None:
    versions = [_version("in/"), _version("in/a.csv"), _version("in/a.csv", latest=False), _version("in/b.csv")]
    stub("s3").add_response("list_object_versions", {"Versions": versions}, {"Bucket": "data", "Prefix": "in/"})
    assert s3.latest_versions("data", "in/", limit=9) == [
        DataObject("in/a.csv", "v-in/a.csv", 3),
        DataObject("in/b.csv", "v-in/b.csv", 3),
    ]


def test_one_file_is_not_what_begins_like_it(stub: Stub) -> None:
    versions = [_version("a.csv"), _version("a.csv.bak")]
    stub("s3").add_response("list_object_versions", {"Versions": versions}, {"Bucket": "data", "Prefix": "a.csv"})
    assert [item.key for item in s3.latest_versions("data", "a.csv", limit=9)] == ["a.csv"]


def test_keys_after_the_file_are_not_listed(stub: Stub) -> None:
    page = {"Versions": [_version("a.csv"), _version("a.csv0")], "IsTruncated": True, "NextKeyMarker": "a.csv0"}
    stub("s3").add_response("list_object_versions", page, {"Bucket": "data", "Prefix": "a.csv"})
    assert len(s3.latest_versions("data", "a.csv", limit=9)) == 1


def test_a_long_list_is_read_to_its_limit(stub: Stub) -> None:
    page = {"Versions": [_version("in/a.csv"), _version("in/b.csv")], "IsTruncated": True, "NextKeyMarker": "in/b.csv"}
    stub("s3").add_response("list_object_versions", page, {"Bucket": "data", "Prefix": "in/"})
    assert len(s3.latest_versions("data", "in/", limit=1)) == 1


def test_no_data_are_no_error(stub: Stub) -> None:
    stub("s3").add_response("list_object_versions", {}, {"Bucket": "data", "Prefix": "in/"})
    assert s3.latest_versions("data", "in/", limit=9) == []


def test_everything_below_a_folder_is_found(stub: Stub) -> None:
    stubbed, written = stub("s3"), datetime(2026, 1, 1, tzinfo=UTC)
    pages: list[dict[str, Any]] = [{"IsTruncated": True, "NextContinuationToken": "more"}, {}]
    for name, page in zip("ab", pages, strict=True):
        contents = [{"Key": f"runs/1/{name}", "LastModified": written}]
        stubbed.add_response("list_objects_v2", {"Contents": contents, **page})
    found = s3.stored("artefacts", "runs/")
    assert found == [Stored("1/a", written.timestamp()), Stored("1/b", written.timestamp())]


def test_objects_are_removed_a_thousand_at_a_time(stub: Stub) -> None:
    stubbed, keys = stub("s3"), [f"key-{number}" for number in range(1001)]
    for some in (keys[:1000], keys[1000:]):
        removed = {"Objects": [{"Key": key} for key in some], "Quiet": True}
        stubbed.add_response("delete_objects", {}, {"Bucket": "artefacts", "Delete": removed})
    s3.remove("artefacts", keys)
    stubbed.assert_no_pending_responses()


def test_an_object_that_could_not_be_removed_is_an_error(stub: Stub) -> None:
    """S3 answers that all is well, with what is not in the answer."""
    errors = {"Errors": [{"Key": "a", "Code": "AccessDenied", "Message": "not authorized to perform s3:DeleteObject"}]}
    stub("s3").add_response("delete_objects", errors)
    with pytest.raises(PermissionError, match=r"s3://artefacts/a was not removed: AccessDenied, not authorized"):
        s3.remove("artefacts", ["a"])


def test_what_is_written_once_stays(stub: Stub) -> None:
    stubbed = stub("s3")
    stubbed.add_client_error("put_object", "PreconditionFailed", http_status_code=412)
    body = StreamingBody(io.BytesIO(b'["first"]'), 9)
    stubbed.add_response("get_object", {"Body": body}, {"Bucket": "artefacts", "Key": "pinned.json"})
    assert s3.write_once("artefacts", "pinned.json", ["second"]) == ["first"]


def test_a_conflict_with_another_writer_is_tried_again(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "_CONFLICT_SECONDS", 0)
    stubbed = stub("s3")
    stubbed.add_client_error("put_object", "ConditionalRequestConflict", http_status_code=409)
    stubbed.add_response("put_object", {})
    assert s3.write_once("artefacts", "pinned.json", ["first"]) == ["first"]


def test_a_conflict_that_does_not_end_is_raised(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "_CONFLICT_SECONDS", 0)
    stubbed = stub("s3")
    for _ in range(5):
        stubbed.add_client_error("put_object", "ConditionalRequestConflict", http_status_code=409)
    with pytest.raises(ClientError, match="ConditionalRequestConflict"):
        s3.write_once("artefacts", "pinned.json", [])


def test_a_file_of_a_usual_size_is_copied_in_one_call(stub: Stub) -> None:
    stubbed = stub("s3")
    stubbed.add_response("head_object", {"ContentLength": 200 * 1024**2, "ETag": '"etag"'})
    stubbed.add_response("copy_object", {})
    s3.copy_all("data", "artefacts", [Copy("a.csv", "v1", 1, "0000-a.csv")], tag="penstock=pinned-data")
    stubbed.assert_no_pending_responses()


def test_another_error_in_writing_is_raised(stub: Stub) -> None:
    stub("s3").add_client_error("put_object", "AccessDenied")
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.write_once("artefacts", "pinned.json", [])


@pytest.mark.parametrize(("contents", "there"), [([{"Key": "runs/seen/seen.bin"}], True), ([], False)])
def test_a_folder_is_there_if_anything_is_in_it(stub: Stub, contents: list[dict[str, str]], *, there: bool) -> None:
    asked = {"Bucket": "artefacts", "Prefix": "runs/seen/", "MaxKeys": 1}
    stub("s3").add_response("list_objects_v2", {"Contents": contents, "KeyCount": len(contents)}, asked)
    assert s3.exists("artefacts", "runs/seen/") is there


def test_what_is_at_a_uri_is_read(stub: Stub) -> None:
    body = StreamingBody(io.BytesIO(b"{}"), 2)
    stub("s3").add_response("get_object", {"Body": body}, {"Bucket": "artefacts", "Key": "runs/evaluation.json"})
    assert s3.read("s3://artefacts/runs/evaluation.json") == "{}"
