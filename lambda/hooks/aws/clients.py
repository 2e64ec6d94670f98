"""The clients of AWS's services."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

# A run fails with its hook: three times, boto3's default, is soon throttled where eight copies go on at once.
_CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 5})


@cache
def client(service: str) -> Any:
    """Return the one client of a service: making it takes a quarter of a second, so only the hooks that need it do."""
    return boto3.client(service, config=_CONFIG)
