"""What a server does with a model that is not the one that was trained: it ends, and is never healthy."""

import time
from collections.abc import Callable, Mapping

from penstock.contract.check import BreachError, Check
from penstock.contract.subject import Subject

_LOOK_SECONDS = 0.05

Files = Mapping[str, bytes]


def _refuses(title: str, spoil: Callable[[Files], Files]) -> Check[Subject]:
    def run(subject: Subject) -> None:
        _must_end(subject, title, spoil(subject.trained.model))

    return Check(f"serve ends on {title}", run)


def _must_end(subject: Subject, what: str, model: Files) -> None:
    with subject.serving(model) as server:
        deadline = time.monotonic() + server.limits.start_serve
        while (code := server.process.poll()) is None and time.monotonic() < deadline:
            if server.pings():
                raise BreachError(
                    f"/ping never to be 200 on {what}",
                    "200",
                    "Load the model before listening, and compare it with a hash of it that `train` wrote beside it.",
                )
            time.sleep(_LOOK_SECONDS)
        if not code:
            raise BreachError(
                f"`serve` to end with an exit code other than 0 on {what}",
                "exit code 0" if code == 0 else f"it still runs after {server.limits.start_serve:g} s",
                "End with a reason in the log: an endpoint that never gets healthy takes half an hour to fail.",
            )


def _none(_model: Files) -> Files:
    return {}


def _cut(model: Files) -> Files:
    name = max(model, key=lambda name: len(model[name]))
    return {**model, name: model[name][: len(model[name]) // 2]}


def _garbled(model: Files) -> Files:
    return dict.fromkeys(model, b"\x00\xff" * 64)


def _tampered(subject: Subject) -> None:
    """Change one bit, in the middle of each file in turn."""
    model = subject.trained.model
    for name, content in model.items():
        if content:
            middle = len(content) // 2
            changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
            _must_end(subject, f"a model of which one bit of {name} is changed", {**model, name: changed})


CHECKS = (
    _refuses("a missing model", _none),
    _refuses("a model that is cut off", _cut),
    _refuses("a model that is garbage", _garbled),
    Check("serve ends on a model of which one bit is changed", _tampered),
)
