"""One request and its answer: uvicorn's, but that an answer is written at once."""

from itertools import chain
from typing import TYPE_CHECKING, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

if TYPE_CHECKING:
    from uvicorn._types import ASGISendEvent, HTTPResponseBodyEvent, HTTPResponseStartEvent


class Cycle(RequestResponseCycle):
    """A cycle for an application that sends the whole body, and its length, in one message.

    uvicorn writes the head and the body one after the other: that is two packets, and wakes up the client twice.
    """

    _start: "HTTPResponseStartEvent"

    async def send(self, message: "ASGISendEvent") -> None:
        """Keep the head, and write it with the body."""
        if message["type"] == "http.response.start":
            self._start = cast("HTTPResponseStartEvent", message)
            return
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        parts = [STATUS_LINE[self._start["status"]]]
        for name, value in chain(self.default_headers, self._start["headers"]):
            parts += name, b": ", value, b"\r\n"
        if not self.keep_alive:
            parts.append(b"connection: close\r\n")
        parts.append(b"\r\n")
        if self.scope["method"] != "HEAD":
            parts.append(cast("HTTPResponseBodyEvent", message)["body"])
        self.transport.write(b"".join(parts))
        self.response_started = self.response_complete = True
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()
