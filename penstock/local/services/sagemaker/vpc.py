"""A VpcConfig: programs of this machine use its own network, so that only its form is looked at."""

import re

from penstock.local.service import AwsError, JsonObject

_FORMS = {
    "Subnets": ("subnet", re.compile(r"subnet-([0-9a-f]{8}|[0-9a-f]{17})")),
    "SecurityGroupIds": ("security group", re.compile(r"sg-([0-9a-f]{8}|[0-9a-f]{17})")),
}


def check_vpc(config: JsonObject | None) -> None:
    """Refuse what is no id of a subnet or of a security group; without a configuration there is nothing to check.

    Raises:
        AwsError: ValidationException.
    """
    for member, (what, form) in _FORMS.items():
        for given in (config or {}).get(member, []):
            if not form.fullmatch(given):
                raise AwsError("ValidationException", f"VpcConfig.{member}: {given} is no id of a {what}.")
