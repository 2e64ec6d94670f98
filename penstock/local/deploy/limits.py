"""How large a template may be.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

import json
from collections.abc import Iterator

from penstock.local.service import JsonObject

_MOST_BYTES = 1_048_576  # of a template in a bucket, where the CDK puts it
_MOST = {"Mappings": 200, "Outputs": 200, "Parameters": 200, "Resources": 500}
_MOST_DESCRIPTION_BYTES = 1024


def beyond_limits(document: JsonObject) -> Iterator[str]:
    """Say which of CloudFormation's limits a template exceeds, and what to do."""
    size = len(json.dumps(document, indent=1, ensure_ascii=False).encode())  # as the CDK writes it
    if size > _MOST_BYTES:
        yield f"the template has {size:,} bytes, and {_MOST_BYTES:,} are allowed. Split the stack."
    for section, most in _MOST.items():
        count = len(document.get(section, {}))
        if count > most:
            yield f"{section}: there are {count}, and {most} are allowed. Split the stack."
        for name in document.get(section, {}):
            if not name.isascii() or not name.isalnum():
                yield f"{section}.{name}: a name may have letters and digits only. Rename it."
    if len(document.get("Description", "").encode()) > _MOST_DESCRIPTION_BYTES:
        yield f"Description: it is longer than {_MOST_DESCRIPTION_BYTES:,} bytes. Shorten it."
