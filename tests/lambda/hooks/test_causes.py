import pytest

from hooks.causes import likely_cause
from hooks.failures import Failure


def _failure(status: str = "FAILED", state: str = "Train", error: str = "", cause: str = "") -> Failure:
    return Failure("arn:execution", "dev-bigmart", status, state, error, cause)


@pytest.mark.parametrize(
    ("failure", "means", "remedy"),
    [
        (_failure(error="InvalidInput"), "the data, or what the execution", "correct the input or the data"),
        (_failure(error="SmokeTestFailed"), "answers, but wrongly", "compare with the smoke file."),
        (_failure(error="EndpointRolledBack"), "the traffic went back", "find in the endpoint's log why"),
        (_failure(error="ChampionChanged"), "another model", "start another execution"),
        (_failure(error="InvalidEvaluation"), "wrote something else", "mend its evaluate program"),
        (_failure(cause="No S3 objects found under S3 URL"), "is not there", "restore it"),
        (_failure(cause="Could not access model data at s3://"), "is not there", "restore it"),
        (_failure(cause="The champion's profile.json is not a profile: E"), "was changed", "as the cause says"),
        (_failure(error="EndpointFailed"), "does not serve", "find in the endpoint's log why"),
        (
            _failure(error="SageMaker.ResourceLimitExceededException"),
            "a service quota",
            "ask for a higher limit (Service Quotas), then redrive",
        ),
        (
            _failure(cause="User: x is not authorized to perform: sagemaker:CreateModel"),
            "a permission is missing",
            "grant what the cause names",
        ),
        (
            _failure(cause="The variant(s) must be deregistered as scalable target with AutoScaling before"),
            "follows the load",
            "deregister it",
        ),
        (_failure(cause="Rate exceeded"), "AWS was busy", "redrive it"),
        (_failure(cause="CapacityError: Unable to provision"), "no such instance free", "wait a while, then redrive"),
        (_failure(cause="InternalServerError: sorry"), "AWS was busy or failed", "redrive it"),
        (_failure(error="SageMaker.SdkClientException"), "could not be reached", "redrive it"),
        (_failure(cause='{"SecondaryStatus": "MaxRuntimeExceeded"}'), "longer than it may", "raise its max_runtime"),
        (_failure(cause="training job j was stopped"), "somebody stopped it", "if that was a mistake, redrive it"),
        (_failure(cause="training job j was stopped (MaxRuntimeExceeded)"), "longer", "raise its max_runtime_minutes"),
        (_failure(error="LocalCloud.Ended"), "the local cloud", "redrive it: it continues at Train."),
        (_failure(error="States.TaskFailed", cause="AlgorithmError"), "program failed", "find out why in its log"),
        (
            _failure(state="Check data", error="States.TaskFailed", cause="Correct the hyperparameters: split_seed"),
            "a hyperparameter is not one",
            "correct it in the execution's input",
        ),
        (
            _failure(state="Check data", error="States.TaskFailed", cause="Item_Weight: 61 % empty"),
            "the data are not as they should be",
            "correct the data",
        ),
        (_failure(status="TIMED_OUT", error="States.Timeout"), "longer than it may", "find out what took so long"),
        (_failure(status="ABORTED"), "somebody stopped it.", "if that was a mistake, redrive it"),
        (_failure(error="Other"), "nothing that is known here", "mend what the cause says"),
    ],
)
def test_each_kind_of_failure_means_something_and_there_is_something_to_do(
    failure: Failure, means: str, remedy: str
) -> None:
    cause = likely_cause(failure)
    assert means in cause.means
    assert cause.remedy.startswith(remedy)


@pytest.mark.parametrize(
    "failure", [_failure(status="TIMED_OUT"), _failure(cause="MaxRuntimeExceeded"), _failure(error="Other")]
)
def test_no_redrive_is_offered_where_the_definition_has_to_change(failure: Failure) -> None:
    remedy = likely_cause(failure).remedy
    assert "deploy, then start another execution." in remedy
    assert "redrive" not in remedy
