"""What the sections of pipeline.yaml and environments.yaml share: strictness, and the kinds of text they hold."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# Single hyphens, none at the end: the names become ECR repositories and SageMaker endpoints, which allow no others.
NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
# No hyphens at all: so dev-a-b is pipeline a-b in dev, and never pipeline b in dev-a.
ENVIRONMENT = r"^[a-z][a-z0-9]*$"
ACCOUNT = r"^[0-9]{12}$"
REGION = r"^[a-z]{2}(-[a-z]+)+-[0-9]$"
EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s.]+$"
LINE = r"^[^\r\n]+$"
SUBNET = r"^subnet-[0-9a-f]{8,17}$"
SECURITY_GROUP = r"^sg-[0-9a-f]{8,17}$"
TUNING_JOB = r"^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,31}$"

MEANING = {
    NAME: "a name of lower-case letters, digits and single hyphens, beginning with a letter",
    ENVIRONMENT: "a name of lower-case letters and digits, beginning with a letter",
    ACCOUNT: "the 12 digits of an AWS account",
    REGION: "an AWS region, as in us-east-1",
    EMAIL: "an e-mail address, as in ml-ops@example.com",
    LINE: "one line of text",
    SUBNET: "a subnet's id, as in subnet-0123456789abcdef0",
    SECURITY_GROUP: "a security group's id, as in sg-0123456789abcdef0",
    TUNING_JOB: "the name of a tuning job: 32 letters, digits and hyphens at most",
}

Name = Annotated[str, Field(pattern=NAME)]
# SageMaker's limit for the name of a hyperparameter; a column's name is held to the same.
Line = Annotated[str, Field(pattern=LINE, max_length=256)]


class Section(BaseModel):
    """A mapping of one of the files: frozen, no unknown keys, no conversions, finite numbers only."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
