"""Cases about hooks whose processes crash: each may be called again, and is."""

from collections.abc import Iterator

from battery.case import Case

_CRASHED = "Runtime.ExitError"


def cases() -> Iterator[Case]:
    """Yield each hook crashed before, during and after its effect, and each time that it is called."""
    for hook, calls in (("prepare", 4), ("smoke-test", 1)):
        moments = ["before", *(f"during,call={call}" for call in range(1, calls + 1)), "after"]
        for moment in moments:
            yield Case(f"{hook} crashed {moment}", (f"crash={hook}:{moment}",))
        for moment in ("before", "after"):
            yield Case(
                f"{hook} crashed {moment} each time",
                (f"crash={hook}:{moment},always=true",),
                status="FAILED",
                error=_CRASHED,
                at="Prepare" if hook == "prepare" else "Smoke test",
                serves="former" if hook == "prepare" else "new",
            )
    # Told twice, where only the answer of the hook that told was lost, is better than not at all.
    yield _report("before", most=1)
    yield _report("during,call=1", most=1)
    yield _report("during,call=2", most=1)
    yield _report("during,call=3", most=2)
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
