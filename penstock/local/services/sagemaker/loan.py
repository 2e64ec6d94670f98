"""An instance for one request, and all that goes with it."""

from dataclasses import dataclass, field
from types import TracebackType

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.context import Context
from penstock.local.services.sagemaker.endpoint import Endpoint
from penstock.local.services.sagemaker.fleet import Fleet
from penstock.local.services.sagemaker.instance import DeploymentError, Instance
from penstock.local.services.sagemaker.serverless import ServerlessVariant
from penstock.local.services.sagemaker.shelf import Shelf
from penstock.local.services.sagemaker.variant import Variant

_NOT_UP = (
    "The container of the serverless variant did not pass its ping health check. Please check CloudWatch logs for this"
    " endpoint."
)
# What InvokeEndpoint and InvokeEndpointAsync say of an endpoint that is the other's.
_OTHERWISE = {
    False: "Endpoint {} is of type ASYNC, which InvokeEndpoint does not support: use InvokeEndpointAsync.",
    True: "Endpoint {} is not of type ASYNC, which InvokeEndpointAsync needs: use InvokeEndpoint.",
}


@dataclass
class Loan:
    """Lent until it is left, as a `with` statement does it; `capture` is the DataCaptureConfig, if it is captured."""

    endpoint: Endpoint
    fleet: Fleet
    variant: Variant
    instance: Instance | None
    capture: JsonObject = field(default_factory=dict)
    shadow: "Loan | None" = None

    def __enter__(self) -> Instance:
        """Return the instance, started first where that is still to be done.

        Raises:
            AwsError: ModelError, it does not start.
        """
        if self.instance is None and isinstance(self.variant, ServerlessVariant):
            try:
                self.instance = self.fleet.start(self.variant)
            except DeploymentError as error:
                raise _failed(str(error)) from error
        if self.instance is None:
            raise _failed(_NOT_UP)
        return self.instance

    def end(self) -> None:
        """Give back what was lent."""
        if self.instance is not None:
            self.fleet.give_back(self.instance)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


class Lender:
    """Lends the instances of endpoints to requests."""

    def __init__(self, context: Context, endpoints: Shelf[Endpoint]) -> None:
        self._context = context
        self._endpoints = endpoints

    def lend(self, name: str, target: str | None = None, *, asynchronous: bool = False) -> Loan:
        """Lend an instance for one request.

        Raises:
            AwsError: as of `find`; ServiceUnavailable, no instance is healthy; ThrottlingException, a serverless
                variant has its hands full.
        """
        with self._context.lock:
            endpoint, fleet = self.find(name, asynchronous=asynchronous)
            variant, instance = fleet.lend(target)
            loan = Loan(endpoint, fleet, variant, instance, capture=endpoint.captures())
            if shadow := fleet.lend_shadow():
                loan.shadow = Loan(endpoint, fleet, *shadow, capture=loan.capture)
            return loan

    def known(self, name: str) -> bool:
        """Say whether there is such an endpoint, in whatever status."""
        with self._context.lock:
            return any(one.name == name for one in self._endpoints.all())

    def find(self, name: str, *, asynchronous: bool) -> tuple[Endpoint, Fleet]:
        """Return an endpoint, and the fleet that its next request goes to; here, the case of its name matters.

        Raises:
            AwsError: ValidationError, there is no such endpoint, or variant, or it is not asked so.
        """
        with self._context.lock:
            endpoint = next((one for one in self._endpoints.all() if one.name == name), None)
            fleet = endpoint.serving() if endpoint is not None else None
            if endpoint is None or fleet is None:
                account = self._context.clients.account
                raise AwsError("ValidationError", f"Endpoint {name} of account {account} not found.")
            if bool(endpoint.plan.config.asynchronous) != asynchronous:
                raise AwsError("ValidationError", _OTHERWISE[asynchronous].format(name))
            return endpoint, fleet


def _failed(message: str) -> AwsError:
    return AwsError("ModelError", message, 424, {"OriginalStatusCode": 500, "OriginalMessage": message})
