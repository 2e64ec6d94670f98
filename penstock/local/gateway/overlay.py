"""What moto lacks, or does wrongly, in one of its services."""

from dataclasses import replace

from werkzeug.wrappers import Response

from penstock.local.gateway.requests import Call
from penstock.local.service import Caller, JsonObject


class Overlay:
    """Sees each call of one of moto's services, before moto and after; by default it changes nothing."""

    def serves(self, operation: str) -> bool:  # noqa: ARG002
        """Tell whether an operation is served at all: nobody may call what moto would only pretend to do."""
        return True

    def answer(self, call: Call, caller: Caller) -> JsonObject | None:  # noqa: ARG002
        """Return the result of a call in moto's place, or None: then moto serves it.

        Raises:
            AwsError: what AWS would have answered.
        """
        return None

    def body(self, call: Call) -> bytes | None:
        """Return the body with which a call goes on to moto; None leaves an upload as it is."""
        return call.body

    def again(self, call: Call, response: Response, seconds: float) -> bool:  # noqa: ARG002
        """Tell whether to ask moto again, so many seconds after the first time; it may wait before it says so."""
        return False

    def done(self, call: Call, caller: Caller, response: Response) -> None:
        """Note a call that moto has carried out: also when a journal is carried out again."""

    def announce(self, call: Call, caller: Caller, response: Response) -> None:
        """Tell others of a call that moto has carried out, now and for the first time."""


class Overlays(Overlay):
    """Several overlays of one service, one after the other."""

    def __init__(self, *overlays: Overlay) -> None:
        self._overlays = overlays

    def serves(self, operation: str) -> bool:
        """Tell whether none of them says that it is not."""
        return all(overlay.serves(operation) for overlay in self._overlays)

    def answer(self, call: Call, caller: Caller) -> JsonObject | None:
        """Return the first answer that there is."""
        answers = (overlay.answer(call, caller) for overlay in self._overlays)
        return next((answer for answer in answers if answer is not None), None)

    def body(self, call: Call) -> bytes | None:
        """Return the body that all of them have had a hand in."""
        for overlay in self._overlays:
            call = replace(call, body=overlay.body(call))
        return call.body

    def again(self, call: Call, response: Response, seconds: float) -> bool:
        """Tell whether one of them wants to ask again."""
        return any(overlay.again(call, response, seconds) for overlay in self._overlays)

    def done(self, call: Call, caller: Caller, response: Response) -> None:
        """Let each one note it."""
        for overlay in self._overlays:
            overlay.done(call, caller, response)

    def announce(self, call: Call, caller: Caller, response: Response) -> None:
        """Let each one tell others."""
        for overlay in self._overlays:
            overlay.announce(call, caller, response)
