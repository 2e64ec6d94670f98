# mypy: ignore-errors
"""The limit: nothing but a protocol of uvloop, which knows no path, no limit and no error, around the ONNX session."""

import asyncio
import os
import socket
import sys
from pathlib import Path

import httptools
import uvloop
from scoring import Scorer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n"


class Protocol(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport):
        """Keep what is written to."""
        self.transport = transport
        self.parser = httptools.HttpRequestParser(self)
        self.body = b""

    def data_received(self, data):
        """Parse what has come."""
        self.parser.feed_data(data)

    def on_body(self, body):
        """Keep a part of the body."""
        self.body += body

    def on_message_complete(self):
        """Answer."""
        answer = SCORER(self.body).encode()
        self.body = b""
        self.transport.write(HEAD % len(answer) + answer)


async def main():
    """Serve until the end."""
    server = await asyncio.get_running_loop().create_server(Protocol, sock=LISTENING)
    await server.serve_forever()


SCORER = Scorer(Path(os.environ["MODEL"]))
LISTENING = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=1024)
for _ in range(os.cpu_count() - 1):
    if os.fork() == 0:
        break
uvloop.run(main())
