"""One port for every AWS call: who calls → is it served → is it valid → is it allowed → record → (fault) → serve."""

import errno
import logging
import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

from moto.core.request import Request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Response

from penstock.local.gateway import ours, policies, requests, validation
from penstock.local.gateway.callers import Callers, scope
from penstock.local.gateway.journal import Journal
from penstock.local.gateway.moto import Moto
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.record import Entry, Record
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError, Caller, ListedService, Service

_LOG = logging.getLogger(__name__)
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

_NOT_YET = Response('{"error": "is coming back. Try again."}', status=503, content_type="application/json")


class LostResponseError(Exception):
    """No answer comes, whether or not the call was carried out: the connection is cut. Its message is recorded."""


class PlannedError(AwsError):
    """An error that was planned: the record tells it from one that came about."""


class Access(Protocol):
    """Decides whether a caller may make a call."""

    def authorise(self, call: Call, caller: Caller) -> Sequence[str]:
        """Return the ARNs of what the call is about.

        Raises:
            AwsError: AccessDeniedException (403), in the service's own form.
        """
        ...


class Faults(Protocol):
    """What goes wrong on purpose."""

    def before(self, call: Call, caller: Caller) -> Response | None:
        """Let a call come to grief before it has had an effect, or return the answer that it gets instead.

        Raises:
            PlannedError: what AWS answers then.
            LostResponseError: no answer comes.
        """
        ...

    def after(self, call: Call, caller: Caller, response: Response) -> None:
        """Let a call that was answered come to grief after it has had its effect.

        Raises:
            LostResponseError: no answer comes.
        """
        ...


@dataclass
class _Outcome:
    """How a call ended, for the record."""

    service: str = "?"
    operation: str = "?"
    caller: str = "?"
    resources: Sequence[str] = ()
    result: str = "OK"


class Gateway:
    """A WSGI application: our services and moto's behind one door.

    `overlays` mend moto's services, by botocore's names of them. `control` answers paths under /_penstock/: what is no
    AWS call.
    """

    def __init__(
        self,
        *,
        callers: Callers,
        services: Mapping[str, Service],
        record: Record,
        control: Callable[[Request], Response],
        overlays: Mapping[str, Overlay],
        access: Access,
        faults: Faults,
        journal: Journal | None = None,
    ) -> None:
        self._callers = callers
        self._services = services
        self._record = record
        self._control = control
        self._access = access
        self._faults = faults
        self._journal = journal
        self._coming_back = journal is not None
        self.moto = Moto(overlays, journal)

    def open(self) -> None:
        """Serve everybody: with a journal, only the cloud itself is served until its state is back."""
        self._coming_back = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one HTTP request."""
        request = Request(environ)
        if request.path.startswith("/_penstock/"):
            return (_NOT_YET if self._coming_back else self._control(request))(environ, start_response)
        outcome, started = _Outcome(), time.perf_counter()
        try:
            return self._serve(request, outcome)(environ, start_response)
        except ClientDisconnected:
            outcome.result = "ClientDisconnected"
            return Response(status=HTTPStatus.BAD_REQUEST)(environ, start_response)
        except LostResponseError as error:
            outcome.result = str(error) or "LostResponse"
            raise  # the server closes the connection
        finally:
            if not self._coming_back:
                self._record.add(_entry(outcome, started))

    def _serve(self, request: Request, outcome: _Outcome) -> Wsgi:
        request_id, protocol = str(uuid.uuid4()), "json"
        try:
            key, signing_name = scope(request.headers, request.args)
            outcome.service = requests.service_name(signing_name, request.path)
            protocol = requests.protocol(request, outcome.service)
            caller = self._identify(key)
            outcome.caller = caller.arn
            call = requests.understand(request, outcome.service)
            outcome.operation = str(call.operation.name)
            self._check_served(call.service, outcome.operation)
            validation.check(call)
            outcome.resources = self._access.authorise(call, caller)
            policies.check(call)
            instead = self._faults.before(call, caller)
            if instead is not None:
                return instead
            response = self._dispatch(request, call, caller, outcome, request_id)
            self._faults.after(call, caller, response)
        except AwsError as error:
            outcome.resources = outcome.resources or error.resources
            outcome.result = f"{error.code}{' (planned fault)' if isinstance(error, PlannedError) else ''}"
            return requests.refuse(error, protocol, request_id)
        except (ClientDisconnected, LostResponseError):
            raise
        except Exception as error:
            # Ours to mend, but no reason to drop the connection of a client.
            _LOG.exception("%s %s by %s", outcome.service, outcome.operation, outcome.caller)
            failure = _failure(error)
            outcome.result = failure.code
            return requests.refuse(failure, protocol, request_id)
        return response

    def _identify(self, key: str) -> Caller:
        if self._coming_back and key == self._callers.operator.access_key:
            raise AwsError("ServiceUnavailable", "The local cloud is coming back. Try again.", 503)
        return self._callers.identify(key)

    def _check_served(self, service: str, operation: str) -> None:
        """Refuse what nobody serves before anything is asked of the caller: no permission would help."""
        own = self._services.get(service)
        if own is None:
            self.moto.check_served(service, operation)
        elif isinstance(own, ListedService):
            own.check_served(operation)

    def _dispatch(
        self, request: Request, call: requests.Call, caller: Caller, outcome: _Outcome, request_id: str
    ) -> Response:
        service = self._services.get(call.service)
        if service is not None:
            return requests.respond(call, ours.serve(service, call, caller, self._journal), request_id)
        response, outcome.result = self.moto.serve(request, call, caller, request_id)
        return response


def _failure(error: Exception) -> AwsError:
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return AwsError("InternalFailure", f"The local cloud cannot write to its disk, which is full: {error}", 500)
    return AwsError("InternalFailure", "The local cloud failed; its errors.log says how.", 500)


def _entry(outcome: _Outcome, started: float) -> Entry:
    return Entry(
        caller=outcome.caller,
        service=outcome.service,
        operation=outcome.operation,
        resources=outcome.resources,
        result=outcome.result,
        milliseconds=round((time.perf_counter() - started) * 1000, 1),
    )
