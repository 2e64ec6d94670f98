"""Several overlays of one service."""

from dataclasses import replace
from typing import Any

from moto.core.request import Request
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from penstock.local.gateway.overlay import Overlay, Overlays
from penstock.local.gateway.requests import Call, understand


class Noting(Overlay):
    """Adds its name to bodies, and notes what it is told."""

    def __init__(self, name: str, answer: Any = None) -> None:
        self.name, self._answer, self.told = name, answer, list[str]()

    def answer(self, _call: Call, _caller: Any) -> Any:
        self.told.append("answer")
        return self._answer

    def body(self, call: Call) -> bytes:
        return (call.body or b"") + self.name.encode()

    def again(self, _call: Call, _response: Response, seconds: float) -> bool:
        return seconds < 1 and self.name == "b"

    def done(self, _call: Call, _caller: Any, _response: Response) -> None:
        self.told.append("done")

    def announce(self, _call: Call, _caller: Any, _response: Response) -> None:
        self.told.append("announce")


def call_() -> Call:
    return understand(Request(EnvironBuilder(path="/bucket", method="GET").get_environ()), "s3")


def test_each_one_has_its_turn() -> None:
    one, two = Noting("a"), Noting("b")
    both, call, caller = Overlays(one, two), replace(call_(), body=b"-"), object()
    assert both.answer(call, caller) is None  # type: ignore[arg-type]
    assert both.body(call) == b"-ab"
    assert both.again(call, Response(), 0)
    assert not both.again(call, Response(), 2)
    both.done(call, caller, Response())  # type: ignore[arg-type]
    both.announce(call, caller, Response())  # type: ignore[arg-type]
    assert one.told == two.told == ["answer", "done", "announce"]


def test_the_first_answer_counts() -> None:
    one, two, three = Noting("a"), Noting("b", {"x": 1}), Noting("c", {"x": 2})
    assert Overlays(one, two, three).answer(call_(), object()) == {"x": 1}  # type: ignore[arg-type]
    assert three.told == []


def test_an_overlay_that_does_nothing_changes_nothing() -> None:
    call, plain = call_(), Overlay()
    assert plain.answer(call, object()) is None  # type: ignore[arg-type]
    assert plain.body(call) == call.body
    assert not plain.again(call, Response(), 0)
