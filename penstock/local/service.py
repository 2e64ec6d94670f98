"""What the gateway asks of a service that Penstock serves itself, and the errors and callers that it passes on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

JsonObject = dict[str, Any]
Operation = Callable[[JsonObject], JsonObject]


@dataclass(frozen=True)
class Caller:
    """Who made a call, told apart by access key: the operator, a role, or a service of AWS for itself."""

    access_key: str
    account: str
    # arn:aws:sts::123456789012:assumed-role/dev-bigmart-workflow/session, the operator's, or the service's principal.
    arn: str
    role: str = ""  # the ARN of the role whose session it is
    service: str = ""  # the principal of the service: events.amazonaws.com
    source: str = ""  # the ARN of what the service acts for, aws:SourceArn
    since: str = ""  # when the role's session was issued, aws:TokenIssueTime

    @property
    def name(self) -> str:
        """The name of the role, or of the operator; or the service's principal."""
        return self.role.rpartition("/")[2] or self.service or self.arn.rpartition("/")[2]


class AwsError(Exception):
    """An error in AWS's own form: `code` is what clients match on, `status` of HTTP, `members` those of its shape.

    `resources` are the ARNs of what it is about, for the record.
    """

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        members: JsonObject | None = None,
        resources: Sequence[str] = (),
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.resources = resources
        self.members = members or {}
        self.code = code
        self.message = message
        self.status = status


class Service(Protocol):
    """A service of the local cloud; `name` is botocore's, for example "sagemaker-runtime"."""

    name: str

    def call(self, operation: str, request: JsonObject, caller: Caller) -> JsonObject:
        """Serve one operation and return its response.

        `request` is already parsed and valid by botocore's service model: its input shape in Python types, where blobs
        are bytes and timestamps datetimes. The response is in the output shape, and leaves out members that are not
        set. Called from many threads at once.

        Raises:
            AwsError: what AWS would have answered.
        """
        ...

    def close(self) -> None:
        """End every process and thread that the service started; called once, also after a failed start."""
        ...


class ListedService:
    """A service that lists its operations, each with what serves it; who calls is the same to all of them."""

    name: str
    _operations: Mapping[str, Operation]

    def check_served(self, operation: str) -> None:
        """Refuse an operation that is not listed.

        Raises:
            AwsError: UnknownOperationException.
        """
        if operation not in self._operations:
            served = ", ".join(sorted(self._operations))
            message = f"The local cloud does not serve {self.name}:{operation}. It serves {served}."
            raise AwsError("UnknownOperationException", message, 404)

    def call(self, operation: str, request: JsonObject, _caller: Caller) -> JsonObject:
        """Serve one operation: see Service.

        Raises:
            AwsError: what AWS would have answered; UnknownOperationException for what is not listed.
        """
        self.check_served(operation)
        return self._operations[operation](request)
