"""A model that waits for somebody's approval, and the answer to it."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from penstock.errors import RunError
from penstock.run import events, judging
from penstock.run.deployments import Approval, Deployments, name_of
from penstock.run.execution import Execution

_ASKS = "Ask for approval"
_OVER = {"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"}


@dataclass(frozen=True)
class Request:
    """What somebody is asked to approve, with what its run has found out about it."""

    approval: Approval
    variables: Mapping[str, Any]

    @property
    def generation(self) -> int:
        """The generation that it would be."""
        return int(self.variables["generation"])

    def lines(self) -> Iterator[str]:
        """Yield what one should know to answer."""
        yield f"  Run     {name_of(self.approval.execution)}, asked {self.approval.asked}"
        yield f"  Model   {judging.compared(self.variables.get('judged') or {})}"
        yield f"  Report  {self.variables['evaluation']}report.html"
        yield f"  Package {self.approval.package}"


def waiting(client: Callable[[str], Any], environment: str, pipeline: str) -> Request | None:
    """Return what waits for an answer, if anything does."""
    approval = Deployments(client, environment).of(f"{environment}-{pipeline}").approval
    if approval is None:
        return None
    told = events.history(client("stepfunctions"), approval.execution)
    run = events.take_all(Execution(approval.execution, name_of(approval.execution)), told)
    asks = run.status == "RUNNING" and run.current is not None and run.current.name == _ASKS
    return Request(approval, run.variables) if asks else None  # an answer stays in the table until the run has ended


def pending(client: Callable[[str], Any], environment: str, pipeline: str) -> Request:
    """Return what waits for an answer.

    Raises:
        RunError: nothing does.
    """
    request = waiting(client, environment, pipeline)
    if request is None:
        raise RunError(
            f"Nothing of {pipeline} waits for approval. `penstock status {pipeline}` shows how its last run stands."
        )
    return request


def answer(client: Callable[[str], Any], request: Request, *, approved: bool, why: str) -> str:
    """Answer a request; return the ARN of who did.

    Raises:
        RunError: it cannot be answered any more.
    """
    by: str = client("sts").get_caller_identity()["Arn"]
    given = json.dumps({"approved": approved, "why": why, "by": by})
    try:
        client("stepfunctions").send_task_success(taskToken=request.approval.token, output=given)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _OVER:
            raise
        raise RunError(
            f"Run {name_of(request.approval.execution)} does not wait for an answer any more: it was answered, its time"
            " was over, or it has ended. Nothing was changed."
        ) from error
    return by
