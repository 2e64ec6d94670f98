"""How a request names a function: by its name, its ARN or a part of that, each with a qualifier or without."""

import re
from dataclasses import dataclass
from typing import Self

from penstock.local.service import AwsError

_PARTS = re.compile(
    r"(?:arn:[\w-]+:lambda:)?(?:(?P<region>[a-z]+(?:-[a-z]+)+-\d):)?(?:(?P<account>\d{12}):)?(?:function:)?"
    r"(?P<name>[\w.-]+)(?::(?P<qualifier>[\w$.-]+))?"
)
_MOST_CHARACTERS = 64


@dataclass(frozen=True)
class FunctionName:
    """A function as it was named; what was left out is empty."""

    region: str
    account: str
    name: str
    qualifier: str

    @classmethod
    def parse(cls, text: str, qualifier: str = "") -> Self:
        """Read a name, and the qualifier that a request gave beside it.

        Raises:
            AwsError: it is no name of a function, or has two qualifiers.
        """
        found = _PARTS.fullmatch(text)
        if found is None or len(found["name"]) > _MOST_CHARACTERS:
            rule = f"a function's name, its ARN or a part of that; the name has at most {_MOST_CHARACTERS} characters"
            message = f"Value '{text}' at 'functionName' failed to satisfy constraint: Member must be {rule}"
            raise AwsError("ValidationException", f"1 validation error detected: {message}")
        own = found["qualifier"] or ""
        if own and qualifier and own != qualifier:
            message = "The derived qualifier from the function name does not match the specified qualifier."
            raise AwsError("InvalidParameterValueException", message)
        return cls(found["region"] or "", found["account"] or "", found["name"], own or qualifier)

    def check_place(self, region: str, account: str) -> None:
        """Refuse a function that is not of this region and account.

        Raises:
            AwsError: ResourceNotFoundException, or AccessDeniedException where another account has it.
        """
        if self.region not in {"", region}:
            message = f"Functions from '{self.region}' are not reachable in this region ('{region}')"
            raise AwsError("ResourceNotFoundException", message, 404)
        if self.account not in {"", account}:
            message = f"The function {self.name} of account {self.account} lets nobody in account {account} use it."
            raise AwsError("AccessDeniedException", message, 403)
