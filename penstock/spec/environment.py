"""The models of an entry of environments.yaml."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from penstock.spec.fields import ACCOUNT, EMAIL, REGION, SECURITY_GROUP, SUBNET, Section

MAX_NAME = 12  # with a pipeline's 24 characters and a run's suffix, every name stays within AWS's 63 or 64


def _digits(value: object) -> object:
    """Take an account that is not in quotes, which YAML reads as a number, unless leading zeros were lost."""
    text = str(value)
    return text if type(value) is int and len(text) == 12 else value  # noqa: PLR2004


class Vpc(Section):
    """The network that jobs and endpoints are in; SageMaker allows 16 subnets and 5 security groups."""

    subnets: tuple[Annotated[str, Field(pattern=SUBNET)], ...] = Field(
        min_length=1, max_length=16, description="The ids of its subnets, in several availability zones for endpoints."
    )
    security_groups: tuple[Annotated[str, Field(pattern=SECURITY_GROUP)], ...] = Field(
        min_length=1, max_length=5, description="The ids of the security groups."
    )


class Environment(Section):
    """An environment: where its stacks are deployed and who hears of its alarms."""

    account: Annotated[str, BeforeValidator(_digits)] | None = Field(
        default=None,
        pattern=ACCOUNT,
        description="The AWS account, 12 digits; without it the CLI's own when deploying.",
    )
    region: str | None = Field(
        default=None, pattern=REGION, description="The AWS region; without it the CLI's own when deploying."
    )
    vpc: Vpc | None = Field(
        default=None, description="The network that jobs and endpoints are in; without it they are in SageMaker's own."
    )
    notify: tuple[Annotated[str, Field(pattern=EMAIL)], ...] = Field(
        default=(), description="The e-mail addresses that alarms, failures and deployments are reported to."
    )
