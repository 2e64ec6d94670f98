"""What is asked of a local cloud that is no AWS call: where it lives, to deploy, to fail, who used what; both ends."""

import hmac
import json
import logging
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterable
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path

from moto.core.request import Request
from werkzeug.wrappers import Response

from penstock.errors import CloudError, DeployError, PenstockError
from penstock.local.faults.fault import Fault
from penstock.local.service import JsonObject

_LOG = logging.getLogger(__name__)
_KEY_HEADER = "X-Penstock-Key"
_HOSTS = ("localhost", "127.0.0.1")
_SECONDS = 900  # a container's packages may have to be fetched


class Control:
    """The cloud's end: paths under /_penstock/, for who has the operator's secret key, `key`.

    Any page in a browser can send requests to localhost; it cannot know the key, and a name of its own that it lets
    point here is not answered to. The access key would not do: it is in every presigned URL.
    """

    def __init__(
        self,
        *,
        key: str,
        describe: Callable[[], JsonObject],
        deploy: Callable[[Path, str], JsonObject],
        diff: Callable[[Path, str], JsonObject],
        destroy: Callable[[str], JsonObject],
        faults: Callable[[JsonObject], JsonObject],
        permissions: Callable[[], JsonObject],
    ) -> None:
        self._key = key
        self._actions: dict[str, Callable[[JsonObject], JsonObject]] = {
            "cloud": lambda _: describe(),
            "deploy": lambda asked: deploy(Path(asked["assembly"]), asked["stage"]),
            "diff": lambda asked: diff(Path(asked["assembly"]), asked["stage"]),
            "destroy": lambda asked: destroy(asked["stage"]),
            "faults": faults,
            "permissions": lambda _: permissions(),
        }

    def __call__(self, request: Request) -> Response:
        """Answer one request."""
        if request.host.partition(":")[0].lower() not in _HOSTS:
            return _answer({"error": f"It answers to {' and '.join(_HOSTS)} only, and not to {request.host}."}, 403)
        if not hmac.compare_digest(request.headers.get(_KEY_HEADER, "").encode(), self._key.encode()):
            return _answer({"error": "The operator's secret key is missing or wrong."}, 403)
        action = self._actions.get(request.path.removeprefix("/_penstock/"))
        if action is None:
            return _answer({"error": f"No such path: {request.path}"}, 404)
        try:
            return _answer(action(json.loads(request.get_data() or b"{}")))
        except PenstockError as error:
            return _answer({"error": str(error)}, 400)
        except Exception as error:
            # Ours to mend, but no reason to drop the connection of a client.
            _LOG.exception("%s", request.path)
            return _answer({"error": f"{type(error).__name__}: {error}"}, 500)


class Connection:
    """The other end, for a cloud in this process or in another one; `key` is the operator's secret key."""

    def __init__(self, *, url: str, key: str) -> None:
        self.url = url
        self._key = key
        # No proxy stands between us and ourselves.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def describe(self) -> JsonObject:
        """Return the cloud's project (`root`), work folder (`work`), `account`, `region`, `now` and `speed`.

        Raises:
            CloudError: nothing answers there, or something else does.
        """
        return self._ask("cloud")

    def deploy(self, assembly: Path, stage: str) -> JsonObject:
        """Deploy a stage; return its `resources`, `outputs` by stack, `left`, `seconds` and `image_seconds`.

        `left` says what the stacks no longer want, and why it could not be removed.

        Raises:
            DeployError: as the deployer says it.
        """
        return self._ask("deploy", {"assembly": str(assembly), "stage": stage})

    def diff(self, assembly: Path, stage: str) -> JsonObject:
        """Return what `deploy` would change, as `stacks`: see StackDifference.

        Raises:
            DeployError: as the deployer says it.
        """
        return self._ask("diff", {"assembly": str(assembly), "stage": stage})

    def destroy(self, stage: str) -> JsonObject:
        """Remove the stacks of a stage; return `stacks`: each with how many were `removed`, and what is `kept`.

        `endpoints` are the names of those that are there still, in no stack.

        Raises:
            DeployError: as the deployer says it.
        """
        return self._ask("destroy", {"stage": stage})

    def faults(self, *, plan: Iterable[Fault] = (), forget: Collection[int] | None = ()) -> JsonObject:
        """Forget faults by their ids (None: all), and plan others; return `planned`, their ids, and all `faults`.

        Each of those has its `id`, the `fault` as a line, and where it was `met` so far.
        """
        body = {"plan": [vars(fault) for fault in plan], "forget": None if forget is None else list(forget)}
        return self._ask("faults", body)

    def permissions(self) -> JsonObject:
        """Return `roles`: what each was granted, how often each grant was used, and what it was denied."""
        return self._ask("permissions")

    def _ask(self, path: str, body: JsonObject | None = None) -> JsonObject:
        data = None if body is None else json.dumps(body).encode()
        try:
            request = urllib.request.Request(  # noqa: S310  the URL is http: and the operator's own
                f"{self.url}/_penstock/{path}", data=data, headers={_KEY_HEADER: self._key}
            )
            with self._opener.open(request, timeout=_SECONDS) as response:
                answer: JsonObject = json.load(response)
                return answer
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(self.url, error) from error
        except (OSError, ValueError, HTTPException) as error:
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
    if error.code == HTTPStatus.BAD_REQUEST:
        return DeployError(message)
    if error.code == HTTPStatus.SERVICE_UNAVAILABLE:
        return CloudError(f"The local cloud at {url} {message}")
    if error.code == HTTPStatus.INTERNAL_SERVER_ERROR:
        return CloudError(f"The local cloud at {url} failed ({message}); the errors.log in its work folder says how.")
    return CloudError(
        f"The local cloud at {url} refused: {message} Export the variables that its `penstock local up` printed."
    )
