import pytest

from hooks.failures import Failure, Log
from hooks.reports import describe_service, log_link, write_report

EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:dev-bigmart:run-1"
SERVED = "endpoint dev-bigmart is in service, with dev-bigmart-5d02c1e9."
LOG = Log("/aws/sagemaker/TrainingJobs", "j/")


def _failure(state: str = "Train", error: str = "E", cause: str = "why", seconds: float | None = None) -> Failure:
    return Failure(EXECUTION, "dev-bigmart", "FAILED", state, error, cause, seconds)


@pytest.mark.parametrize(
    ("description", "words"),
    [
        (None, "there is no endpoint dev-bigmart yet."),
        ({"EndpointStatus": "InService", "EndpointConfigName": "dev-bigmart-5d02c1e9"}, SERVED),
        (
            {"EndpointStatus": "Failed", "EndpointConfigName": "c", "FailureReason": "no answer to /ping"},
            "endpoint dev-bigmart is Failed, with c: no answer to /ping.",
        ),
        (
            {"EndpointStatus": "SystemUpdating", "EndpointConfigName": "c"},
            "endpoint dev-bigmart is being brought back (SystemUpdating), with c.",
        ),
    ],
)
def test_the_endpoint_is_described(description: dict[str, str] | None, words: str) -> None:
    assert describe_service("dev-bigmart", description) == words


def test_a_report_says_what_happened_what_it_means_and_what_to_do() -> None:
    subject, message = write_report(
        _failure(seconds=252), service=SERVED, log="https://console", tail=["Traceback\n", "ValueError: why"]
    )
    assert subject == "dev-bigmart FAILED at Train"
    assert message.splitlines() == [
        "dev-bigmart · execution run-1 · FAILED at Train after 4 m 12 s",
        "",
        "Cause   E: why",
        "Means   nothing that is known here.",
        f"Serves  {SERVED}",
        "Do      mend what the cause says; deploy, then start another execution.",
        "Log     https://console",
        "        Traceback",
        "        ValueError: why",
        f"Where   {EXECUTION}",
    ]


def test_what_the_cause_says_is_not_repeated_from_the_log() -> None:
    _, message = write_report(_failure(), service="", log="https://console", tail=["reading\n", "why\n"])
    assert message.count("why") == 1
    assert "Log     https://console\n        reading\n" in message


def test_what_there_is_nothing_to_say_of_is_left_out() -> None:
    _, message = write_report(_failure(), service="")
    assert [line.partition(" ")[0] for line in message.splitlines()[2:]] == ["Cause", "Means", "Do", "Where"]


def test_the_alarms_that_are_on_are_named() -> None:
    _, message = write_report(_failure(error="EndpointRolledBack"), service=SERVED, alarms=["errors: 8 %", "latency"])
    assert "Alarms  errors: 8 %\n        latency\n" in message


def test_the_subject_is_one_that_sns_takes() -> None:
    subject, _ = write_report(_failure(state="a state with a long name " * 9), service=SERVED)
    assert len(subject) < 100
    assert subject.isascii()


def test_without_a_cause_the_report_says_so() -> None:
    _, message = write_report(_failure(error="", cause=""), service=SERVED)
    assert "Cause   none was given" in message


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "https://us-east-1.console.aws.amazon.com/"),
        ("cn-north-1", "https://cn-north-1.console.amazonaws.cn/"),
        ("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/"),
    ],
)
def test_a_link_leads_to_the_log_in_the_region_s_console(region: str, host: str) -> None:
    link = log_link(LOG, "j/algo-1-1", region=region)
    assert link.startswith(host)
    assert link.endswith(
        f"region={region}#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FTrainingJobs/log-events/j$252Falgo-1-1"
    )
