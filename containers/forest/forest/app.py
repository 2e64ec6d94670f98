"""The HTTP application of SageMaker's serving contract: `GET /ping` and `POST /invocations`."""

import asyncio

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from forest.errors import RequestError
from forest.manifest import Manifest
from forest.payload import MediaType, accepted, media_type, read_features, write_predictions
from forest.predictor import Predictor

LARGEST_BODY = 6 * 1024 * 1024  # what InvokeEndpoint lets through
LARGE_BODY = 64 * 1024
MODEL_HEADER = "X-Amzn-SageMaker-Custom-Attributes"  # InvokeEndpoint hands this one on to the client


def create_app(predictor: Predictor, manifest: Manifest) -> Starlette:
    """Make the application that serves one model."""
    headers = {MODEL_HEADER: f"model={manifest.model_sha256[:12]}"}
    one_at_a_time = asyncio.Lock()

    def predict(body: bytes, media: MediaType, answer: str) -> str:
        predictions, probabilities = predictor.both(read_features(body, media, manifest.columns))
        return write_predictions(predictions, probabilities, manifest.labels, answer)

    async def invocations(request: Request) -> Response:
        media = media_type(request.headers.get("content-type", ""))
        answer = accepted(request.headers.get("accept", ""), media.name)
        body = await _read_body(request)
        if len(body) < LARGE_BODY:
            content = predict(body, media, answer)
        else:
            # In a thread, so that a large batch holds up neither /ping nor the small ones; one by one, for the memory.
            async with one_at_a_time:
                content = await run_in_threadpool(predict, body, media, answer)
        return Response(content, media_type=answer, headers=headers)

    return Starlette(
        routes=[Route("/ping", _ping), Route("/invocations", invocations, methods=["POST"])],
        exception_handlers={RequestError: _refused, HTTPException: _not_found, Exception: _failed},
    )


async def _ping(_request: Request) -> Response:
    return Response()


async def _read_body(request: Request) -> bytes:
    """Read the body without ever holding much more than is allowed."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise RequestError(f"Send fewer rows at a time: the body is over {LARGEST_BODY:,} bytes.", 413)
    return bytes(body)


def _error(message: str, status: int) -> Response:
    return JSONResponse({"error": message}, status)


async def _refused(_request: Request, error: Exception) -> Response:
    return _error(str(error), error.status if isinstance(error, RequestError) else 400)


async def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _error(f"{request.method} {request.url.path} is not served; GET /ping and POST /invocations are.", status)


async def _failed(_request: Request, _exception: Exception) -> Response:
    return _error("The model failed on this request; the endpoint's log says why.", 500)
