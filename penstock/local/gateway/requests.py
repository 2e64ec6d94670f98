"""Which operation an HTTP request calls, its parameters, and the HTTP response that answers it.

Parsing and serialising are moto's, from botocore's own service models; what moto lacks is the check of constraints.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from penstock.local import strict_json
from penstock.local.gateway.senseless import readable
from penstock.local.gateway.serialization import check_types
from penstock.local.service import AwsError, JsonObject

# A credential scope names a service by its signing name; botocore's models go by other names.
_SERVICES = {"states": "stepfunctions", "monitoring": "cloudwatch", "email": "ses"}


@dataclass(frozen=True)
class Call:
    """One request, understood: `parameters` is in botocore's input shape."""

    service: str
    operation: OperationModel
    parameters: JsonObject
    body: bytes | None  # None: an upload, left in the socket for the service to read, as it can be larger than memory
    protocol: str
    user_agent: str = ""


def service_name(signing_name: str, path: str) -> str:
    """Return botocore's name of the service that a signing name and a path mean."""
    if signing_name == "sagemaker" and path.startswith("/endpoints/"):
        return "sagemaker-runtime"
    return _SERVICES.get(signing_name, signing_name)


def protocol(request: Request, service: str) -> str:
    """Return the protocol of a request, in whose form an error is said; JSON for a service that nobody knows."""
    try:
        return _protocol(_model(service), request)
    except AwsError:
        return "json"


def understand(request: Request, service: str) -> Call:
    """Find the operation of a request and parse its parameters.

    Raises:
        AwsError: the service or the operation is unknown, or what the request has is not of its model's types.
    """
    model = _model(service)
    if service != "s3":
        request.get_data()  # before anything reads the body as a form, which keeps no copy
    elif request.content_type == "application/x-www-form-urlencoded":
        request.environ["CONTENT_TYPE"] = "binary/octet-stream"  # an object, of a client that says this of everything
    try:
        operation, uri_parameters = get_service_router(service).match(request)
    except (NotFound, NotImplementedError) as error:
        asked = request.headers.get("X-Amz-Target") or f"{request.method} {request.path}"
        raise AwsError("UnknownOperationException", f"{service} has no operation for {asked}", 404) from error
    spoken = _protocol(model, request)
    body = None if service == "s3" and operation.has_streaming_input else request.get_data()
    with readable(spoken, body):
        parsed = _parsed(request, operation, uri_parameters, body, spoken)
    return Call(service, operation, dict(parsed), body, spoken, request.headers.get("User-Agent", ""))


def _parsed(
    request: Request, operation: OperationModel, uri_parameters: Mapping[str, Any], body: bytes | None, protocol: str
) -> JsonObject:
    if body is not None and protocol in {"json", "rest-json"}:
        check_types(operation.input_shape, _json_body(body, operation))
    return PROTOCOL_PARSERS[protocol](operation).parse(  # type: ignore[no-any-return]  # moto has no types
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": body or b"",
            "url_path": request.path,
            "url_params": uri_parameters,
        }
    )


def respond(call: Call, result: JsonObject, request_id: str) -> Response:
    """Return the HTTP response that carries a result in the operation's own protocol."""
    answer = get_serializer_class(call.service, call.protocol)(call.operation).serialize(result)
    headers = {**answer["headers"], **_headers(call.operation, result), "x-amzn-RequestId": request_id}
    return Response(answer["body"], status=_status(call.operation, result) or answer["status_code"], headers=headers)


def refuse(error: AwsError, protocol: str, request_id: str) -> Response:
    """Return the HTTP response that carries an error in a protocol's own form."""
    headers = {"x-amzn-RequestId": request_id, "x-amzn-errortype": error.code}
    if protocol in {"rest-xml", "query", "ec2"}:
        inner = f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        request_element = f"<RequestId>{request_id}</RequestId>"
        if protocol == "rest-xml":
            body = f"<Error>{inner}{request_element}</Error>"
        else:
            body = f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error>{request_element}</ErrorResponse>"
        return Response(body, status=error.status, headers={**headers, "Content-Type": "text/xml"})
    body = json.dumps({"__type": error.code, "message": error.message, "Message": error.message} | error.members)
    return Response(body, status=error.status, headers={**headers, "Content-Type": "application/x-amz-json-1.1"})


def _headers(operation: OperationModel, result: JsonObject) -> dict[str, str]:
    """Return the headers that a result names itself: the serializer puts its own Content-Type over an endpoint's."""
    members = operation.output_shape.members if operation.output_shape is not None else {}
    return {
        member.serialization["name"]: result[name]
        for name, member in members.items()
        if member.serialization.get("location") == "header" and isinstance(result.get(name), str)
    }


def _status(operation: OperationModel, result: JsonObject) -> int | None:
    """Return the status that a result names itself: some operations answer 200, 202 or 204 by what was asked."""
    members = operation.output_shape.members if operation.output_shape is not None else {}
    return next(
        (result.get(name) for name, member in members.items() if member.serialization.get("location") == "statusCode"),
        None,
    )


@cache
def _model(service: str) -> ServiceModel:
    try:
        return get_service_model(service)
    except Exception as error:
        raise AwsError("UnknownOperationException", f"No such service: {service!r}", 404) from error


def _protocol(model: ServiceModel, request: Request) -> str:
    protocols = model.metadata.get("protocols") or [str(model.protocol)]
    return str(protocols[0]) if len(protocols) == 1 else str(determine_request_protocol(model, request.content_type))


def _json_body(body: bytes, operation: OperationModel) -> Any:
    shape = operation.input_shape
    payload = shape.serialization.get("payload") if shape is not None else None
    if shape is None or (payload and shape.members[payload].type_name in {"blob", "string"}):
        return None
    try:
        return strict_json.parse(body) if body else {}
    except ValueError as error:
        raise AwsError("SerializationException", f"The request body is not JSON: {error}") from error
