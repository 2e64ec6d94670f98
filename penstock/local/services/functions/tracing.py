"""The traces of functions, as X-Ray takes them; a function whose tracing is active sends one of every invocation."""

import secrets
import time

from penstock.local.service import JsonObject
from penstock.local.services.functions.configuration import Configuration
from penstock.local.services.functions.sandbox import Answer
from penstock.local.services.xray import trace_id


def segment(configuration: Configuration, request_id: str, answer: Answer) -> JsonObject | None:
    """Return the segment of an invocation that has just ended, or None where the function is not traced."""
    if configuration["TracingConfig"]["Mode"] != "Active":
        return None
    ended = time.time()
    began = ended - answer.seconds
    return {
        "name": configuration.name,
        "id": secrets.token_hex(8),
        "trace_id": trace_id(began),
        "start_time": began,
        "end_time": ended,
        "fault": answer.failed,
        "origin": "AWS::Lambda::Function",
        "resource_arn": configuration.arn,
        "aws": {"request_id": request_id, "function_arn": configuration.arn},
    }
