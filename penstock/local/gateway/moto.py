"""The backing services: moto's, behind the gateway."""

import re
import time
from collections.abc import Mapping
from http import HTTPStatus

from moto.core.request import Request
from werkzeug.wrappers import Response

from penstock.local.gateway import requests
from penstock.local.gateway.backing import Backing
from penstock.local.gateway.journal import Entry, Journal
from penstock.local.gateway.overlay import Overlay
from penstock.local.gateway.requests import Call
from penstock.local.service import AwsError, Caller

# In JSON or in XML.
_ERROR_CODE = re.compile(r'(?:"__type":\s*"(?:[\w.]+#)?|<Code>)(\w+)')
# What moto fakes and we do not serve would pass here and nowhere else: these go to moto, and no others do.
SERVICES = frozenset(["dynamodb", "ecr", "events", "iam", "kms", "logs", "s3", "sns", "sqs", "ssm", "sts", "xray"])
_PLAIN = Overlay()


class Moto:
    """moto's services, with the overlays that mend them, by botocore's name of the service."""

    def __init__(self, overlays: Mapping[str, Overlay], journal: Journal | None = None) -> None:
        self._overlays = overlays
        self._backing = Backing(journal)

    def check_served(self, service: str, operation: str) -> None:
        """Refuse a service or an operation that is not served.

        Raises:
            AwsError: UnknownOperationException.
        """
        if service not in SERVICES:
            raise AwsError("UnknownOperationException", f"The local cloud does not serve {service}.", 404)
        if not self._overlays.get(service, _PLAIN).serves(operation):
            raise AwsError("UnknownOperationException", f"The local cloud does not serve {service}:{operation}.", 404)

    def serve(self, request: Request, call: Call, caller: Caller, request_id: str) -> tuple[Response, str]:
        """Return the response to a call, and for the record OK or the error's code.

        Raises:
            AwsError: an overlay refuses it.
        """
        overlay = self._overlays.get(call.service, _PLAIN)
        answer = overlay.answer(call, caller)
        if answer is not None:
            return requests.respond(call, answer, request_id), "OK"
        started = time.monotonic()
        response = self._pass_on(request, call, caller, overlay)
        while overlay.again(call, response, time.monotonic() - started):
            response = self._pass_on(request, call, caller, overlay)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            return response, _error(response)
        overlay.done(call, caller, response)
        overlay.announce(call, caller, response)
        return response, "OK"

    def replay(self, entry: Entry, struck: set[str]) -> None:
        """Carry out a call of the journal again, without telling others; the messages in `struck` are gone since.

        Raises:
            AwsError: it is refused now, and was not then.
        """
        with self._backing.environ_of(entry) as environ:
            call = requests.understand(Request(environ), entry.service)
            overlay = self._overlays.get(entry.service, _PLAIN)
            response = self._backing.carry_out_again(environ, call, entry, overlay.body(call))
            if response.status_code >= HTTPStatus.BAD_REQUEST:
                raise AwsError(_error(response), response.get_data(as_text=True), response.status_code)
            overlay.done(call, entry.caller, response)
            self._backing.take_out(entry, struck)

    def _pass_on(self, request: Request, call: Call, caller: Caller, overlay: Overlay) -> Response:
        request.environ["HTTP_X_MOTO_ACCOUNT_ID"] = caller.account
        return self._backing.carry_out(request.environ, call, caller, overlay.body(call))


def _error(response: Response) -> str:
    code = _ERROR_CODE.search(response.get_data(as_text=True))
    return code[1] if code else response.status
