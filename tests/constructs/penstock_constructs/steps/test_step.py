import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

import pytest

from penstock_constructs.steps.step import attempt, attempts, tag_list, task

Evaluate = Callable[..., Any]


def _states(*, redrives: int | None, retries: int) -> dict[str, Any]:
    execution = {} if redrives is None else {"RedriveCount": redrives}
    return {"context": {"Execution": execution, "State": {"RetryCount": retries}}}


@pytest.mark.parametrize(
    ("redrives", "retries", "name"),
    [
        (0, 0, "dev-bigmart-7c1f09ab"),
        (None, 0, "dev-bigmart-7c1f09ab"),
        (0, 2, "dev-bigmart-7c1f09ab-2"),
        (1, 0, "dev-bigmart-7c1f09ab-r1"),
        (1, 2, "dev-bigmart-7c1f09ab-r1-2"),
    ],
)
def test_no_two_attempts_have_one_name(evaluate: Evaluate, redrives: int | None, retries: int, name: str) -> None:
    expression = f"{{% {attempt('dev-bigmart')} %}}"
    assert evaluate(expression, run="7c1f09ab", states=_states(redrives=redrives, retries=retries)) == name


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("dev-bigmart-7c1f09ab", True),
        ("dev-bigmart-7c1f09ab-2", True),
        ("dev-bigmart-7c1f09ab-r1-2", True),
        ("dev-bigmart-weekly-7c1f09ab", False),
        ("dev-bigmart-weekly-7c1f09ab-r1-2", False),
    ],
)
def test_attempts_are_those_of_one_pipeline(name: str, *, allowed: bool) -> None:
    resources: list[Any] = attempts("model", "dev-bigmart")
    patterns = [resource["Fn::Sub"].rpartition(":")[2] for resource in resources]
    assert any(fnmatchcase(f"model/{name}", pattern) for pattern in patterns) is allowed


def test_the_longest_name_is_one_that_sagemaker_takes(evaluate: Evaluate) -> None:
    longest = f"{'e' * 12}-{'p' * 24}"
    name = evaluate(f"{{% {attempt(longest)} %}}", run="7c1f09ab", states=_states(redrives=999, retries=99))
    assert re.fullmatch(r"[a-z0-9](-*[a-z0-9]){0,62}", name)


def test_every_task_has_a_timeout_and_retries_that_spread_out() -> None:
    state = task("lambda:invoke", {}, timeout_seconds=7, retry_on=["Lambda.ServiceException"])
    assert state["TimeoutSeconds"] == 7
    (retry,) = state["Retry"]
    assert retry["ErrorEquals"] == ["Lambda.ServiceException"]
    assert retry["JitterStrategy"] == "FULL"
    assert retry["BackoffRate"] > 1
    assert retry["MaxDelaySeconds"] > retry["IntervalSeconds"]


def test_tags_say_whose_a_thing_is() -> None:
    assert tag_list({"penstock:pipeline": "bigmart"}) == [
        {"Key": "penstock:pipeline", "Value": "bigmart"},
        {"Key": "penstock:run", "Value": "{% $run %}"},
    ]
