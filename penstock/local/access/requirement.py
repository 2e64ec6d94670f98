"""What a call takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from penstock.local.access.context import Value


@dataclass(frozen=True)
class Requirement:
    """An action that the caller must be allowed to take on a resource.

    `via` is the service that takes it in the caller's name, such as s3.amazonaws.com with a KMS key. Where `role` is
    allowed to take it, the caller need not be.
    """

    action: str
    resource: str = "*"
    context: Mapping[str, Value] = field(default_factory=dict)
    via: str = ""
    role: str = ""
