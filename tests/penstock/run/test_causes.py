import json

import pytest

from penstock.run.causes import reason

JOB = {"TrainingJobName": "dev-p-1", "TrainingJobStatus": "Stopped", "SecondaryStatus": "Stopped"}


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        ("plain", "plain"),
        ("[1]", "[1]"),
        (json.dumps({"errorMessage": "no data", "stackTrace": []}), "no data"),
        (json.dumps(JOB | {"FailureReason": "it broke"}), "it broke"),
        (json.dumps({"ExitMessage": "Weight: 61 % empty", "FailureReason": "exit code 1"}), "Weight: 61 % empty"),
        (json.dumps(JOB), "training job dev-p-1 was stopped"),
        (
            json.dumps(JOB | {"SecondaryStatus": "MaxRuntimeExceeded"}),
            "training job dev-p-1 was stopped (MaxRuntimeExceeded)",
        ),
        (
            json.dumps(
                {
                    "ProcessingJobName": "p",
                    "ProcessingJobStatus": "Stopped",
                    "StoppingCondition": {"MaxRuntimeInSeconds": 60},
                    "ProcessingStartTime": 1_795_226_536_939,
                    "ProcessingEndTime": 1_795_226_597_038,
                }
            ),
            "processing job p was stopped (MaxRuntimeExceeded)",
        ),
        (json.dumps({"TransformJobName": "t", "TransformJobStatus": "Failed"}), "transform job t ended Failed"),
        (json.dumps({"other": 1}), '{"other": 1}'),
        ("Busy. (Service: SageMaker; Status Code: 400; Error Code: E; Request ID: 1; Proxy: null)", "Busy."),
        ("Busy (today). (Service: SageMaker, Status Code: 400, Request ID: 1)", "Busy (today)."),
    ],
)
def test_a_cause_is_told_in_a_sentence(cause: str, said: str) -> None:
    assert reason(cause) == said
