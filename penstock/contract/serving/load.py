"""What a server does with many requests at once, and with those that it has when it is told to end."""

import contextlib
import http.client
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from penstock.contract.check import BreachError, Check
from penstock.contract.processes import catches_sigterm, program_id
from penstock.contract.server import CSV, Server, predictions
from penstock.contract.serving.answers import require_same
from penstock.contract.subject import Subject
from penstock.contract.table import written
from penstock.contract.training.interruptions import KILLED, require_handler
from penstock.local.services.sagemaker.connections import HOST, Answer

_AT_ONCE, _ROUNDS = 20, 5
_HELD = 4
_READ_SECONDS, _AFTER_SECONDS = 0.3, 0.3
_TOLERANCE = 1e-5
_DELIBERATE = {200, 429, 503}


def _serves_many(subject: Subject) -> None:
    rows, server = subject.table.unlabelled[:_AT_ONCE], subject.server
    expected = server.predict(written(rows))

    def ask(number: int) -> list[str]:
        return [value for _ in range(_ROUNDS) for value in server.predict(written([rows[number]]))]

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(ask, range(_AT_ONCE)))
    repeated = [value for value in expected for _ in range(_ROUNDS)]
    require_same(repeated, [value for values in answers for value in values], f"{_AT_ONCE} clients at once", _TOLERANCE)


def _drains(subject: Subject) -> None:
    """Hold requests half sent, add others, send SIGTERM, send the rest: what had been accepted must be answered."""
    body = written(subject.table.unlabelled).encode()
    expected = subject.server.predict(body)
    with subject.serving(subject.trained.model) as server, _held(server, body) as held:
        require_handler("serve", caught=catches_sigterm(program_id(server.process)))
        with ThreadPoolExecutor(_HELD + 1) as pool:
            others = [pool.submit(_ask_until_it_ends, server, body) for _ in range(_HELD)]
            time.sleep(_READ_SECONDS)
            ending = pool.submit(server.process.stop, server.limits.stop_serve)
            time.sleep(_AFTER_SECONDS)
            answers = [_rest(connection, body) for connection in held]
            code = ending.result()
            wrong = [status for other in others for status in other.result()]
        if code == KILLED:
            raise BreachError(
                f"`serve` to end within {server.limits.stop_serve:g} s of SIGTERM",
                "it ran on",
                "Accept no more, answer what was accepted, and end: SageMaker kills it after 30 s.",
            )
        _require_answers(answers, expected, wrong)


def _require_answers(answers: Sequence[Answer | None], expected: Sequence[str], wrong: Sequence[str]) -> None:
    lost = sum(answer is None for answer in answers)
    if lost or wrong:
        raise BreachError(
            f"answers to the {len(answers)} requests that had been begun before SIGTERM, and no broken ones",
            f"{lost} were lost" if lost else f"others got {wrong[0]}",
            "On SIGTERM stop to accept connections, and end when the last accepted request was answered.",
        )
    for answer in answers:
        require_same(expected, predictions(answer, CSV) if answer else [], "a request during the end", _TOLERANCE)


@contextlib.contextmanager
def _held(server: Server, body: bytes) -> Iterator[list[http.client.HTTPConnection]]:
    """Begin requests, once the server is ready, and leave them half sent."""
    server.wait_until_ready()
    with contextlib.ExitStack() as stack:
        held = []
        for _ in range(_HELD):
            connection = http.client.HTTPConnection(HOST, server.port, timeout=server.limits.answer)
            stack.enter_context(contextlib.closing(connection))
            connection.putrequest("POST", "/invocations")
            for name, value in {"Content-Type": CSV, "Accept": CSV, "Content-Length": str(len(body))}.items():
                connection.putheader(name, value)
            connection.endheaders(body[: len(body) // 2])
            held.append(connection)
        yield held


def _rest(connection: http.client.HTTPConnection, body: bytes) -> Answer | None:
    """Send the other half; return the answer, if there is one."""
    try:
        connection.send(body[len(body) // 2 :])
        response = connection.getresponse()
        return Answer(response.status, {}, response.read())
    except (OSError, http.client.HTTPException):
        return None


def _ask_until_it_ends(server: Server, body: bytes) -> list[str]:
    """Send requests until nobody accepts them; return what was no answer: a connection that is refused is one."""
    wrong = []
    while server.process.poll() is None:
        try:
            status = server.call(
                "POST", "/invocations", body, {"Content-Type": CSV}, timeout=server.limits.answer
            ).status
        except http.client.IncompleteRead:
            wrong.append("half an answer")
        except (OSError, http.client.HTTPException):
            time.sleep(0.01)
        else:
            if status not in _DELIBERATE:
                wrong.append(f"the status {status}")
    return wrong


CHECKS = (
    Check(f"serve answers {_AT_ONCE} clients at once", _serves_many),
    Check("serve answers what it has accepted before SIGTERM, and ends in time", _drains),
)
