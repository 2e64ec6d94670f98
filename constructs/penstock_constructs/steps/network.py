"""What network a job's or a model's containers have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Network:
    """None, if `isolated`: SageMaker brings what comes in and takes what goes out, from outside.

    The instances themselves are in the account's own `subnets`, if there are any; with `encrypted` they encrypt what
    they say to each other.
    """

    isolated: bool = True
    encrypted: bool = False
    subnets: Sequence[str] = ()
    security_groups: Sequence[str] = ()

    def vpc(self) -> dict[str, Any]:
        """Return the part of a request that names the account's own network, if it is used."""
        if not self.subnets:
            return {}
        return {"VpcConfig": {"Subnets": list(self.subnets), "SecurityGroupIds": list(self.security_groups)}}

    def settings(self) -> dict[str, Any]:
        """Return the part of a request for a job."""
        return {
            "EnableNetworkIsolation": self.isolated,
            "EnableInterContainerTrafficEncryption": self.encrypted,
            **self.vpc(),
        }
