"""What a new endpoint is tested with, and what it is watched for."""

from pydantic import Field

from penstock.spec.fields import Line, Section


class SmokeTest(Section):
    """Rows that a new endpoint must answer for the run to succeed."""

    file: Line = Field(
        description="A CSV file in the pipeline's folder: the header and a few raw rows, without the target column."
    )
    minimum: float | None = Field(default=None, description="No prediction may be less (regression only).")
    maximum: float | None = Field(default=None, description="No prediction may be more (regression only).")


class Alarms(Section):
    """When the endpoint's alarms go off."""

    latency_p99_ms: float = Field(
        default=200,
        gt=0,
        le=60_000,  # after 60 s SageMaker gives up on the container
        description="The alarm's threshold for the slowest 1 % of requests, in milliseconds.",
    )
    errors_percent: float = Field(
        default=1, gt=0, le=100, description="The alarm's threshold for requests answered with a 5xx error, in percent."
    )
