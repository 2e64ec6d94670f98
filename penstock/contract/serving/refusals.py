"""What a server answers to what it cannot serve: a status, and a reason in JSON."""

import json

from penstock.contract.check import BreachError, Check
from penstock.contract.server import CSV, JSON, predictions
from penstock.contract.subject import Subject
from penstock.contract.table import COLUMNS, written
from penstock.local.services.sagemaker.connections import Answer

_LARGEST_BODY = 6 * 1024 * 1024  # what InvokeEndpoint lets through
_DEPTH = 100_000
_TRACEBACK = b"Traceback (most recent call last)"
_HEADER = ",".join(COLUMNS)
_ROW = "5.5,2.5,red,round"


def _refuses(title: str, body: str | bytes, status: int, content_type: str | None = CSV) -> Check[Subject]:
    """Return a check that a request is refused, and that the next one is served."""

    def run(subject: Subject) -> None:
        server = subject.server
        _require_refusal(server.post(body, content_type), title, status)
        predictions(subject.server.post(written(subject.table.unlabelled[:1])), CSV)

    return Check(f"serve refuses {title} ({status})", run)


def _require_refusal(answer: Answer, title: str, status: int) -> None:
    shown = answer.body.decode("utf-8", errors="replace")[:200]
    if answer.status != status:
        raise BreachError(
            f"the status {status} for {title}",
            f"{answer.status}: {shown}",
            "Check a request before predicting: 5xx and wrong answers raise alarms that nobody can act on.",
        )
    if _TRACEBACK in answer.body:
        raise BreachError(f"a reason for refusing {title}", "a traceback", "Tell the client what to do; log the rest.")
    try:
        reason = json.loads(answer.body)["error"]
    except (ValueError, KeyError, TypeError):
        reason = None
    if not isinstance(reason, str) or not reason:
        raise BreachError(f'{{"error": "…"}} as JSON for {title}', shown or "nothing", "Say in it what to do.")


CHECKS = (
    _refuses("an unknown content type", _ROW, 415, "application/x-unknown"),
    _refuses("a request without a content type", _ROW, 415, None),
    _refuses("an empty body", "", 400),
    _refuses("a row that is too long", f"{_HEADER}\n{_ROW},1\n", 400),
    _refuses("a row that is too short", f"{_HEADER}\n{_ROW}\n5.5,2.5\n", 400),
    _refuses("text in a column of numbers", f"{_HEADER}\nmany,2.5,red,round\n", 400),
    _refuses("bytes that are not UTF-8", f"{_HEADER}\n".encode() + b"5.5,2.5,\xff\xfe,round\n", 400),
    _refuses("JSON that is none", '{"instances": [', 400, JSON),
    _refuses("JSON without rows", '{"rows": 5}', 400, JSON),
    _refuses("JSON that is too deep", "[" * _DEPTH + "]" * _DEPTH, 400, JSON),
    _refuses("a body over 6 MiB", f"{_ROW}\n" * (_LARGEST_BODY // len(f"{_ROW}\n") + 1), 413),
)
