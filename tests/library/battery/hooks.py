"""Cases about hooks whose processes crash: each may be called again, and is."""

from collections.abc import Iterator

from battery.case import Case

_CRASHED = "Runtime.ExitError"
# Each hook, and how many calls it makes.
_CALLS = {"prepare": 9, "find-champion": 5, "gate": 1, "smoke-test": 1, "tidy": 11}
_REPORT_CALLS = 7  # the last of them tells; the job that failed has no log to be read
_AFTERWARDS = ("smoke-test", "tidy")


def cases() -> Iterator[Case]:
    """Yield each hook crashed before, during and after its effect, and each time that it is called."""
    for hook, calls in _CALLS.items():
        moments = ["before", *(f"during,call={call}" for call in range(1, calls + 1)), "after"]
        for moment in moments:
            yield Case(f"{hook} crashed {moment}", (f"crash={hook}:{moment}",))
        for moment in ("before", "after"):
            yield Case(
                f"{hook} crashed {moment} each time",
                (f"crash={hook}:{moment},always=true",),
                status="FAILED",
                error=_CRASHED,
                at=hook.replace("-", " ").capitalize(),
                serves="new" if hook in _AFTERWARDS else "former",
            )
    # Told twice, where only the answer of the hook that told was lost, is better than not at all.
    yield _report("before", most=1)
    for call in range(1, _REPORT_CALLS + 1):
        yield _report(f"during,call={call}", most=2 if call == _REPORT_CALLS else 1)
    yield _report("after", most=2)
    yield _report("before,always=true", most=1)


def _report(moment: str, *, most: int) -> Case:
    return Case(
        f"the report's hook crashed {moment}",
        ("fail=training", f"crash=after-failure:{moment}"),
        status="FAILED",
        error="States.TaskFailed",
        at="Train",
        reports=(1, most),
    )
