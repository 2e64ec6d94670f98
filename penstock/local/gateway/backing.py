"""moto, one call at a time, so that what changes something can be written down in order and carried out again."""

import re
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from secrets import randbits
from typing import Any

from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.wrappers import Response

from penstock.local.gateway import messages, randomness
from penstock.local.gateway.changes import changes, made, subject
from penstock.local.gateway.journal import Entry, Journal
from penstock.local.gateway.requests import Call
from penstock.local.gateway.senseless import understood
from penstock.local.gateway.uploads import Body, uploaded
from penstock.local.service import Caller

_Environ = dict[str, Any]
_REGION = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/")
# What an HTTP request says to moto, as WSGI names it: its headers too, but for those that are about the connection.
_SAID = re.compile("REQUEST_METHOD|PATH_INFO|QUERY_STRING|RAW_URI|CONTENT_TYPE|moto[.]preserved_header_names|HTTP_.*")
_UNSAID = re.compile(
    "HTTP_(ACCEPT|ACCEPT_ENCODING|AMZ_SDK_.*|CONNECTION|EXPECT|TRANSFER_ENCODING|X_AMZ_SECURITY_TOKEN)"
)
_SURROUNDINGS: _Environ = {
    "SCRIPT_NAME": "",
    "SERVER_NAME": "localhost",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "REMOTE_ADDR": "127.0.0.1",
    "wsgi.url_scheme": "http",
    "wsgi.input_terminated": True,
}


class Backing:
    """moto's WSGI applications; with a journal, every change is in it before it is answered."""

    def __init__(self, journal: Journal | None) -> None:
        self._journal = journal
        self._bodies = journal.bodies if journal else Path(tempfile.gettempdir())
        self._lock = threading.Lock()
        self._apps: dict[str, Callable[[_Environ, Any], Iterable[bytes]]] = {}

    def carry_out(self, environ: _Environ, call: Call, caller: Caller, body: bytes | None) -> Response:
        """Return moto's answer to a call; without a body it is an upload, which is still in the socket.

        Raises:
            AwsError: moto lacks the operation or breaks at the request, or what it did cannot be kept.
        """
        with uploaded(environ["wsgi.input"] if body is None else BytesIO(body), self._bodies) as sent:
            sent.hand_to(environ)
            with self._lock:
                if self._journal is None:
                    return self._ask(environ, call)
                return self._noted(self._journal, environ, call, caller, sent)

    def _noted(self, journal: Journal, environ: _Environ, call: Call, caller: Caller, sent: Body) -> Response:
        moto = randomness.state(call.service, caller.account, _region(environ))
        gone = messages.deleted(call, moto) if call.service == "sqs" else []
        now, seed, lasting = datetime.now(UTC), randbits(63), changes(call, moto)
        if lasting:
            randomness.seed(seed)
        response = self._ask(environ, call)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            return response
        if gone:
            journal.strike(gone)
        if lasting:
            entry = Entry(
                time=now,
                service=call.service,
                operation=str(call.operation.name),
                caller=caller,
                request={key: value for key, value in environ.items() if _is_said(key)},
                body=sent.data if call.body is None else call.body,
                file=sent.file,
                seed=seed,
                kept=randomness.keep(call, moto, response),
                subject=subject(call),
                made=made(call, response),
            )
            journal.write(entry)
            sent.kept = True
        return response

    @contextmanager
    def environ_of(self, entry: Entry) -> Iterator[_Environ]:
        """Provide the request of a call in the journal."""
        path = self._bodies / entry.file
        size = path.stat().st_size if entry.file else len(entry.body)
        with path.open("rb") if entry.file else BytesIO(entry.body) as stream:
            yield {**_SURROUNDINGS, **entry.request, "wsgi.input": stream, "CONTENT_LENGTH": str(size)}

    def carry_out_again(self, environ: _Environ, call: Call, entry: Entry, body: bytes | None) -> Response:
        """Return moto's answer to a call of the journal, which is the one that it gave the first time."""
        if body is not None:
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        moto = randomness.state(call.service, entry.caller.account, _region(environ))
        randomness.seed(entry.seed)
        response = self._ask(environ, call)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            randomness.put_back(call, moto, response, entry.kept)
        return response

    def take_out(self, entry: Entry, struck: set[str]) -> None:
        """Take the messages that a call has sent out of their queue, if they have been deleted since."""
        if gone := struck & {*entry.made.split()}:
            messages.take_out(randomness.state("sqs", entry.caller.account, _region(entry.request)), gone)

    def _ask(self, environ: _Environ, call: Call) -> Response:
        if call.service not in self._apps:
            self._apps[call.service] = _application(call.service)
        with understood(call.service, str(call.operation.name)):
            return Response.from_app(self._apps[call.service], environ)


def _application(service: str) -> Callable[[_Environ, Any], Iterable[bytes]]:
    """Return moto's application for a service."""
    application: Callable[[_Environ, Any], Iterable[bytes]] = create_backend_app(service)
    if service == "xray":
        # moto imports AWS's SDK for traced programs, whose recorder opens a socket: nothing is recorded here.
        from aws_xray_sdk.core import xray_recorder  # noqa: PLC0415  it takes time, and most clouds trace nothing

        xray_recorder.emitter._socket.close()
    return application


def _is_said(key: str) -> bool:
    return bool(_SAID.fullmatch(key) and not _UNSAID.fullmatch(key))


def _region(environ: _Environ) -> str:
    """Return the region that a request is signed for; a URL of signature version 2 says none, and is for S3."""
    signed = environ.get("HTTP_AUTHORIZATION") or environ.get("QUERY_STRING", "").replace("%2F", "/")
    found = _REGION.search(signed)
    return found[1] if found else "us-east-1"
