"""Other people's code, which coverage traces line by line as it does ours, only to leave it out of its report."""

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def untraced(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """A function that coverage does not follow: neither it nor what it calls in its thread is ours."""

    @functools.wraps(function)
    def run(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        tracer = sys.gettrace()
        if not type(tracer).__module__.startswith("coverage"):  # none, or a debugger's
            return function(*args, **kwargs)
        sys.settrace(None)
        try:
            return function(*args, **kwargs)
        finally:
            sys.settrace(tracer)

    return run
