"""How a server begins: where it listens, and from when on."""

import socket

from penstock.contract.check import BreachError, Check, NotApplicableError
from penstock.contract.server import predictions
from penstock.contract.subject import Subject
from penstock.contract.table import written
from penstock.local.services.sagemaker.connections import HOST

_ELSEWHERE = "127.0.0.2"  # of this machine too, on Linux
_SECONDS = 2


def _is_ready_when_it_says_so(subject: Subject) -> None:
    with subject.serving(subject.trained.model) as server:
        server.wait_until_ready()
        answer = server.post(written(subject.table.unlabelled[:1]))
        if len(predictions(answer, "text/csv")) != 1:
            raise BreachError(
                "a prediction as soon as /ping is 200",
                answer.body.decode("utf-8", errors="replace")[:200],
                "Answer GET /ping with 200 only once the model is loaded and can predict.",
            )


def _listens_where_it_is_told(subject: Subject) -> None:
    server = subject.server
    try:
        socket.create_connection((_ELSEWHERE, server.port), _SECONDS).close()
    except ConnectionRefusedError:
        return
    except OSError as error:
        raise NotApplicableError(f"{_ELSEWHERE} is no address of this machine") from error
    raise BreachError(
        f"`serve` to listen at BIND_HOST, {HOST}, only",
        f"it listens at {_ELSEWHERE} too",
        "Bind to the address in BIND_HOST where that is set: of two models that are compared, both run at once.",
    )


CHECKS = (
    Check("serve answers /ping with 200 once it can predict", _is_ready_when_it_says_so),
    Check("serve listens only where it is told", _listens_where_it_is_told),
)
