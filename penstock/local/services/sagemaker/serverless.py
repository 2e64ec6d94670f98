"""A serverless variant: an instance for each request at a time, started when it is needed, ended when it is idle.

https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
"""

import time
from dataclasses import dataclass

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.instance import Instance
from penstock.local.services.sagemaker.variant import Variant


@dataclass(kw_only=True)
class ServerlessVariant(Variant):
    """A variant whose instances come and go; `idle_seconds` are those of the machine until one goes."""

    settings: JsonObject  # its ServerlessConfig
    idle_seconds: float
    starting: int = 0  # requests that wait for an instance

    @property
    def busy(self) -> bool:
        """Is a request under way, or waiting for its instance?"""
        return self.starting > 0 or super().busy

    @property
    def provisioned(self) -> int:
        """How many instances are kept, idle or not."""
        return int(self.settings.get("ProvisionedConcurrency", 0))

    def take(self) -> Instance | None:
        """Return an idle instance, the one used last; None, if one is to be started for the request.

        Raises:
            AwsError: ThrottlingException, as many requests are under way as may be.
        """
        idle = [instance for instance in self.instances if instance.ready and not instance.busy]
        if idle:
            return max(idle, key=lambda instance: instance.used)
        working = sum(1 for instance in self.instances if instance.busy)
        if working + self.starting >= self.settings["MaxConcurrency"]:
            raise AwsError(
                "ThrottlingException", f"Rate exceeded: MaxConcurrency is {self.settings['MaxConcurrency']}."
            )
        self.starting += 1
        return None

    def surplus(self) -> list[Instance]:
        """Return the instances that have been idle for long, but for the provisioned ones."""
        since = time.monotonic() - self.idle_seconds
        idle = sorted(
            (instance for instance in self.instances if instance.ready and not instance.busy),
            key=lambda instance: instance.used,
        )
        spare = idle[: max(len(self.instances) - self.provisioned, 0)]
        return [instance for instance in spare if instance.used <= since]

    def tried(self) -> list[Instance]:
        """Return the instances that have shown that the model starts, but for the provisioned ones."""
        return self.instances[self.provisioned :]

    def described(self) -> JsonObject:
        """Return its settings, as DescribeEndpoint says them."""
        return {"CurrentInstanceCount": 0, "CurrentServerlessConfig": self.settings}
