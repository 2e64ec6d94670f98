"""What a model is deployed to."""

from typing import Annotated, Literal

from pydantic import Field

from penstock.spec.fields import Section
from penstock.spec.values import lists


class Instances(Section):
    """How far the number of instances goes with the load."""

    minimum: int = Field(ge=1, description="The fewest instances, and how many it begins with.")
    maximum: int = Field(ge=1, description="The most instances.")
    invocations_per_instance: int = Field(
        default=1000, ge=1, description="The requests a minute for each instance that the number is kept at."
    )


class Rollout(Section):
    """How the traffic goes over to a new model; an alarm on the way takes it back."""

    kind: Literal["all_at_once", "canary", "linear"] = Field(
        default="all_at_once",
        description="all_at_once; canary: first percent of it, then the rest; linear: percent of it at a time.",
    )
    percent: int = Field(default=10, ge=1, le=50, description="The share of the instances in a step (canary, linear).")
    bake_minutes: int | None = Field(
        default=None,
        ge=0,
        le=60,
        description="How long the alarms are watched after each step, in minutes; without it 5, and 0 for all_at_once.",
    )

    @property
    def bake_seconds(self) -> int:
        """How long the alarms are watched after each step, in seconds."""
        return 60 * (default_bake_minutes(self.kind) if self.bake_minutes is None else self.bake_minutes)


def default_bake_minutes(kind: str) -> int:
    """Return how long the alarms are watched after a step where the spec does not say."""
    return 0 if kind == "all_at_once" else 5


class Ab(Section):
    """The new model beside the champion: each answers its share of the requests."""

    percent: int = Field(
        default=10, ge=1, le=99, description="The share of the requests that the new model answers, in percent."
    )


class Shadow(Section):
    """The new model behind the champion: it gets copies of requests, and its answers are dropped."""

    percent: int = Field(
        default=50, ge=1, le=100, description="The share of the requests that the new model gets copies of, in percent."
    )


class Batch(Section):
    """The transform job that predicts (kind batch)."""

    instance_type: str = Field(
        default="ml.m5.large",
        json_schema_extra=lists("transform"),
        description="The SageMaker instance type that predicts.",
    )
    instance_count: int = Field(default=1, ge=1, description="How many instances predict.")
    max_concurrent: int = Field(default=1, ge=1, description="How many requests an instance gets at a time.")
    join: bool = Field(default=True, description="Put each prediction behind its input row.")


class Deploy(Section):
    """What the model is deployed to: an endpoint, or a batch of predictions."""

    kind: Literal["realtime", "serverless", "async", "batch"] = Field(
        default="realtime",
        description="realtime: an endpoint on instances; serverless: one without; async: one that answers into S3; "
        "batch: no endpoint, but predictions for a folder of rows.",
    )
    instance_type: str = Field(
        default="ml.m5.large",
        json_schema_extra=lists("hosting"),
        description="The SageMaker instance type that serves (realtime, async).",
    )
    instance_count: int = Field(default=1, ge=1, description="How many instances serve (realtime, async).")
    instances: Instances | None = Field(
        default=None, description="In place of instance_count: as many as the load needs (realtime, async)."
    )
    rollout: Rollout = Field(default=Rollout(), description="How the traffic goes over (realtime, async).")
    capture_percent: int = Field(
        default=0, ge=0, le=100, description="The share of requests and answers kept in S3, in percent (realtime)."
    )
    memory_mb: Annotated[int, Field(ge=1024, le=6144, multiple_of=1024)] = Field(
        default=2048, description="The memory, in MB, a multiple of 1,024 (serverless)."
    )
    max_concurrency: int = Field(
        default=5, ge=1, le=200, description="How many requests are answered at a time; more are refused (serverless)."
    )
    max_concurrent_per_instance: int | None = Field(
        default=None, ge=1, le=1000, description="How many requests an instance works on at a time (async)."
    )
    ab: Ab | None = Field(default=None, description="Let the new model answer a share of the requests (realtime).")
    shadow: Shadow | None = Field(default=None, description="Let the new model only see requests (realtime).")
    keep_generations: int = Field(
        default=3, ge=1, le=100, description="How many models are kept to roll back to, the one that serves included."
    )
    batch: Batch = Field(default=Batch(), description="The transform job that predicts (batch).")

    @property
    def initial_instance_count(self) -> int:
        """How many instances an endpoint begins with."""
        return self.instances.minimum if self.instances else self.instance_count
