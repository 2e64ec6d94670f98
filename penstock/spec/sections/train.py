"""The training job."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from penstock.spec.fields import Line, Name, Section
from penstock.spec.values import Minutes, Scalar, Volume, lists


class Train(Section):
    """The training job."""

    container: Name = Field(description="The folder of containers/ whose programs train and serve the model.")
    hyperparameters: Mapping[Line, Scalar] = Field(
        default={},
        description="What the container's train program is given, each a single value; it receives them as text.",
    )
    instance_type: str = Field(
        default="ml.m5.xlarge",
        json_schema_extra=lists("training"),
        description="The SageMaker instance type that trains.",
    )
    instance_count: int = Field(default=1, ge=1, description="How many instances train together.")
    distribution: Literal["replicated", "sharded"] = Field(
        default="replicated", description="What each instance gets: replicated, all files; sharded, its share of them."
    )
    volume_gb: Volume = Field(default=30, description="The size of its disk, in GB.")
    max_runtime_minutes: Minutes = Field(
        default=60, description="Training is stopped after this time, in minutes (28 days at most)."
    )
    spot: bool = Field(default=False, description="Train on spare capacity: cheaper, and may be interrupted.")
    max_wait_minutes: Minutes | None = Field(
        default=None,
        description="With spot: the longest that waiting and training may take together, in minutes; "
        "by default twice max_runtime_minutes.",
    )
    checkpoints: bool | None = Field(
        default=None,
        description="Keep /opt/ml/checkpoints in S3, so that an interrupted training continues; by default with spot.",
    )
    max_retries: int = Field(
        default=0, ge=0, le=30, description="How often SageMaker itself retries after a fault of its own."
    )
    keep_alive_minutes: int = Field(
        default=0,
        ge=0,
        le=60,
        description="How long the instances are kept warm for the next run, in minutes; they cost while they are.",
    )
    network_isolation: bool = Field(
        default=True, description="The container reaches no network; SageMaker brings the data and takes the model."
    )
    encrypt_traffic: bool = Field(default=False, description="Encrypt what several instances say to each other.")

    @property
    def checkpointed(self) -> bool:
        """Whether checkpoints are kept."""
        return self.spot if self.checkpoints is None else self.checkpoints

    @property
    def wait_minutes(self) -> int | None:
        """The longest that waiting for spare capacity and training may take together; None without spot."""
        if not self.spot:
            return None
        return self.max_wait_minutes or 2 * self.max_runtime_minutes
