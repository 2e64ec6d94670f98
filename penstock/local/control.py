"""What is asked of a local cloud that is no AWS call: where it lives, and to deploy; both ends of it."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from moto.core.request import Request
from werkzeug.wrappers import Response

from penstock.errors import CloudError, DeployError, PenstockError
from penstock.local.service import JsonObject

_KEY_HEADER = "X-Penstock-Key"
_SECONDS = 900  # a container's packages may have to be fetched


class Control:
    """The cloud's end: paths under /_penstock/, for who has the operator's access key.

    Any page in a browser can send requests to localhost; it cannot know the key.
    """

    def __init__(
        self, *, key: str, describe: Callable[[], JsonObject], deploy: Callable[[Path, str], JsonObject]
    ) -> None:
        self._key = key
        self._describe = describe
        self._deploy = deploy

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if request.headers.get(_KEY_HEADER) != self._key:
            return _answer({"error": "The operator's access key is missing or wrong."}, 403)
        if request.path == "/_penstock/cloud":
            return _answer(self._describe())
        if request.path == "/_penstock/deploy" and request.method == "POST":
            asked = json.loads(request.get_data())
            try:
                return _answer(self._deploy(Path(asked["assembly"]), asked["stage"]))
            except PenstockError as error:
                return _answer({"error": str(error)}, 400)
        return _answer({"error": f"No such path: {request.path}"}, 404)


class Connection:
    """The other end, for a cloud in this process or in another one."""

    def __init__(self, *, url: str, key: str) -> None:
        self.url = url
        self._key = key
        # No proxy stands between us and ourselves.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def describe(self) -> JsonObject:
        """Return the cloud's project (`root`), its work folder (`work`) and its region.

        Raises:
            CloudError: nothing answers there, or something else does.
        """
        return self._ask("cloud")

    def deploy(self, assembly: Path, stage: str) -> JsonObject:
        """Deploy a stage; return its `resources`, `outputs` by stack, `seconds` and `image_seconds`.

        Raises:
            DeployError: as the deployer says it.
        """
        return self._ask("deploy", {"assembly": str(assembly), "stage": stage})

    def _ask(self, path: str, body: JsonObject | None = None) -> JsonObject:
        request = urllib.request.Request(  # noqa: S310  the URL is http: and the operator's own
            f"{self.url}/_penstock/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={_KEY_HEADER: self._key},
        )
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                answer: JsonObject = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(self.url, error) from error
        except (OSError, ValueError) as error:
            raise CloudError(
                f"No local cloud of Penstock answers at {self.url} ({error}). Start one with `penstock local up`,"
                " or unset AWS_ENDPOINT_URL to run in a cloud of the run's own."
            ) from error


def _answer(body: JsonObject, status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")


def _refusal(url: str, error: urllib.error.HTTPError) -> PenstockError:
    try:
        message = json.load(error)["error"]
    except (ValueError, KeyError, TypeError):
        return CloudError(f"{url} is no local cloud of Penstock: it answered {error.code} {error.reason}.")
    if error.code == 400:  # noqa: PLR2004
        return DeployError(message)
    return CloudError(
        f"The local cloud at {url} refused: {message} Export the variables that its `penstock local up` printed."
    )
