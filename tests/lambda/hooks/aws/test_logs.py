from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from hooks.aws import logs
from hooks.failures import Log

Stub = Callable[[str], Stubber]
JOBS = Log("/aws/sagemaker/TrainingJobs", "j/")


def test_of_a_job_s_streams_the_one_that_was_written_to_last_counts(stub: Stub) -> None:
    streams = [{"logStreamName": "j/algo-1", "lastEventTimestamp": 2}, {"logStreamName": "j/algo-2"}]
    asked = {"logGroupName": JOBS.group, "logStreamNamePrefix": "j/"}
    stub("logs").add_response("describe_log_streams", {"logStreams": streams}, asked)
    assert logs.latest_stream(JOBS) == "j/algo-1"


def test_of_an_endpoint_s_streams_the_last_is_asked_for(stub: Stub) -> None:
    asked = {"logGroupName": "g", "orderBy": "LastEventTime", "descending": True}
    stub("logs").add_response("describe_log_streams", {"logStreams": [{"logStreamName": "main/i-1"}]}, asked)
    assert logs.latest_stream(Log("g", "")) == "main/i-1"


def test_a_job_that_never_began_has_no_stream(stub: Stub) -> None:
    stub("logs").add_response("describe_log_streams", {"logStreams": []})
    assert logs.latest_stream(JOBS) is None


def test_where_no_job_ever_ran_there_is_no_group(stub: Stub) -> None:
    stub("logs").add_client_error("describe_log_streams", "ResourceNotFoundException")
    assert logs.latest_stream(JOBS) is None


def test_another_error_is_raised(stub: Stub) -> None:
    stub("logs").add_client_error("describe_log_streams", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        logs.latest_stream(JOBS)


def test_the_tail_is_the_last_lines(stub: Stub) -> None:
    asked = {"logGroupName": JOBS.group, "logStreamName": "j/algo-1", "limit": 2, "startFromHead": False}
    events = [{"message": "one"}, {"message": "two"}]
    stub("logs").add_response("get_log_events", {"events": events}, asked)
    assert logs.tail(JOBS, "j/algo-1", lines=2) == ["one", "two"]
