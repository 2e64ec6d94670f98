"""One port for every AWS call: who calls → is the request valid → record → serve."""

import io
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from moto.core.request import Request
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Response

from penstock.local.gateway import requests, validation
from penstock.local.gateway.bucket_policies import BucketPolicies
from penstock.local.gateway.callers import Callers, scope
from penstock.local.gateway.record import Entry, Record
from penstock.local.service import AwsError, Caller, Service

# In JSON or in XML.
_ERROR_CODE = re.compile(r'(?:"__type":\s*"(?:[\w.]+#)?|<Code>)(\w+)')
_LOG = logging.getLogger(__name__)
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
# What moto fakes and we do not serve would pass here and nowhere else: these go to moto, and no others do.
BACKED_BY_MOTO = frozenset(["cloudwatch", "ecr", "events", "iam", "kms", "logs", "s3", "sns", "sqs", "ssm", "sts"])


@dataclass
class _Outcome:
    """How a call ended, for the record."""

    service: str = "?"
    operation: str = "?"
    caller: str = "?"
    result: str = "OK"


class Gateway:
    """A WSGI application: our services and moto's behind one door.

    `control` answers paths under /_penstock/: what is no AWS call.
    """

    def __init__(
        self,
        *,
        callers: Callers,
        services: Mapping[str, Service],
        record: Record,
        control: Callable[[Request], Response],
    ) -> None:
        self._callers = callers
        self._services = services
        self._record = record
        self._control = control
        self._bucket_policies = BucketPolicies()
        self._moto: Wsgi = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one HTTP request."""
        request = Request(environ)
        if request.path.startswith("/_penstock/"):
            return self._control(request)(environ, start_response)
        outcome, started = _Outcome(), time.perf_counter()
        try:
            return self._serve(request, outcome)(environ, start_response)
        except ClientDisconnected:
            outcome.result = "ClientDisconnected"
            return Response(status=HTTPStatus.BAD_REQUEST)(environ, start_response)
        finally:
            self._record.add(
                Entry(
                    time=datetime.now(UTC).isoformat(timespec="milliseconds"),
                    caller=outcome.caller,
                    service=outcome.service,
                    operation=outcome.operation,
                    result=outcome.result,
                    milliseconds=round((time.perf_counter() - started) * 1000, 1),
                )
            )

    def _serve(self, request: Request, outcome: _Outcome) -> Wsgi:
        request_id, protocol = str(uuid.uuid4()), "json"
        try:
            key, signing_name = scope(request.headers, request.args)
            outcome.service = requests.service_name(signing_name, request.path)
            protocol = "rest-xml" if outcome.service == "s3" else protocol
            caller = self._callers.identify(key)
            outcome.caller = caller.arn
            call = requests.understand(request, outcome.service)
            outcome.operation, protocol = str(call.operation.name), call.protocol
            validation.check(call)
            return self._dispatch(request, call, caller, outcome, request_id)
        except AwsError as error:
            outcome.result = error.code
            return requests.refuse(error, protocol, request_id)
        except ClientDisconnected:
            raise
        except Exception:
            # Ours to mend, but no reason to drop the connection of a client.
            _LOG.exception("%s %s by %s", outcome.service, outcome.operation, outcome.caller)
            failure = AwsError("InternalFailure", "The local cloud failed; its errors.log says how.", 500)
            outcome.result = failure.code
            return requests.refuse(failure, protocol, request_id)

    def _dispatch(
        self, request: Request, call: requests.Call, caller: Caller, outcome: _Outcome, request_id: str
    ) -> Wsgi:
        service = self._services.get(call.service)
        if service is not None:
            result = service.call(str(call.operation.name), call.parameters, caller)
            validation.check_response(call.operation, result)
            return requests.respond(call, result, request_id)
        if call.service not in BACKED_BY_MOTO:
            raise AwsError("UnknownOperationException", f"The local cloud does not serve {call.service}.", 404)
        answer = self._bucket_policies.answer(call)
        if answer is not None:
            return requests.respond(call, answer, request_id)
        return self._to_moto(request, call, caller, outcome)

    def _to_moto(self, request: Request, call: requests.Call, caller: Caller, outcome: _Outcome) -> Wsgi:
        environ = request.environ
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = caller.account
        body = self._bucket_policies.body(call)
        if body is not None:
            environ["wsgi.input"] = io.BytesIO(body)
            environ["CONTENT_LENGTH"] = str(len(body))
            environ.pop("HTTP_TRANSFER_ENCODING", None)

        try:
            response = Response.from_app(self._moto, environ)
        except NotImplementedError as error:
            what = f"{call.service}:{call.operation.name}"
            raise AwsError("InternalFailure", f"The local cloud does not serve {what}.", 501) from error
        if response.status_code < HTTPStatus.BAD_REQUEST:
            self._bucket_policies.done(call)
        else:
            code = _ERROR_CODE.search(response.get_data(as_text=True))
            outcome.result = code[1] if code else response.status
        return response
