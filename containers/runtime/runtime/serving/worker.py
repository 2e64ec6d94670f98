"""One process that answers requests."""

import asyncio
import signal
import socket
import time
from dataclasses import dataclass

import uvicorn

from runtime.model import Model
from runtime.serving.app import App
from runtime.serving.board import Board
from runtime.serving.connection import IDLE_SECONDS, Connection, close_late
from runtime.serving.listening import let_nobody_in
from runtime.serving.settings import Settings
from runtime.serving.supervisor import ENDING

DRAIN_SECONDS = 20  # SageMaker kills a container 30 seconds after SIGTERM
TICK_SECONDS = 1
ACCEPT_SECONDS = 1.0  # at most, to take up the connections that were made before the signal
ACCEPT_TURNS = 10  # of the loop, in which none came


class Worker(uvicorn.Server):
    """uvicorn, that shows that it is alive, closes what is late, and ends when the supervisor does."""

    def __init__(self, app: App, board: Board, number: int, lifeline: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http=Connection,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=DRAIN_SECONDS,
            )
        )
        self._board, self._number, self._lifeline = board, number, lifeline

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        loop.add_reader(self._lifeline, self._orphaned)  # it never says anything: it ends
        self._tick()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer who has connected, and listen no more."""
        for listener in sockets or []:
            let_nobody_in(listener)
        end, known, turns = time.monotonic() + ACCEPT_SECONDS, -1, 0
        while turns < ACCEPT_TURNS and time.monotonic() < end:  # the loop takes up one connection a turn
            connected = len(self.server_state.connections)
            turns = turns + 1 if connected == known else 0
            known = connected
            await asyncio.sleep(0.001)
        await super().shutdown(sockets)

    def _orphaned(self) -> None:
        asyncio.get_running_loop().remove_reader(self._lifeline)
        self.should_exit = True
        signal.alarm(2 * DRAIN_SECONDS)  # nobody is left to kill a worker that does not end

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        self._board.beat(self._number)
        close_late(self.server_state, loop.time())
        loop.call_later(TICK_SECONDS, self._tick)


@dataclass(frozen=True)
class Work:
    """What a worker does, given its number, its listener and the pipe that ends when the supervisor does."""

    model: Model
    settings: Settings
    board: Board

    def __call__(self, number: int, listener: socket.socket, lifeline: int) -> int:
        """Answer what comes in at the listener until SIGTERM; return the exit code."""
        app = App(self.model, max_body=self.settings.max_body, board=self.board, worker=number)
        app.try_out()  # a model may be spoilt by fork()
        Worker(app, self.board, number, lifeline).run([listener])
        return 0
