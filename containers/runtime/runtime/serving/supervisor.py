"""The process that loads the model, and keeps its copies at work: those that die or hang are replaced.

Each worker has a socket of its own on the same port: the kernel then spreads the connections over them, where workers
that share one leave most to whoever wakes first. The sockets stay open here, so that a connection to a worker that has
died waits for the one that takes its place.
"""

import logging
import math
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from runtime.serving.board import Board

HUNG_SECONDS = 60  # without a heartbeat
STOP_SECONDS = 24  # SageMaker kills a container 30 seconds after SIGTERM
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 5.0  # before a worker that keeps dying is replaced
PAUSE_SECONDS = 0.1  # between two looks
LIVED_SECONDS = 2  # whoever dies sooner may do so again
ENDING = (signal.SIGTERM, signal.SIGINT)
Work = Callable[[int, socket.socket, int], int]

log = logging.getLogger("serving")


class Supervisor:
    """Runs `work(number, listener, lifeline)` in a copy of this process for each listener.

    A copy begins with the signals of `ENDING` blocked: whoever has connected to it by then is still to be answered.
    """

    def __init__(self, listeners: list[socket.socket], board: Board, work: Work) -> None:
        self._listeners = listeners
        self._board = board
        self._work = work
        self._workers: dict[int, int] = {}  # process id: number
        self._due = dict.fromkeys(range(len(listeners)), 0.0)  # number: when to start it
        self._pauses = [FIRST_PAUSE_SECONDS] * len(listeners)
        self._lifeline, self._hold = os.pipe()  # our end closes when we end, however that is
        self._told = False
        self._stop_at = math.inf

    def start(self) -> None:
        """Start the workers."""
        self._woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for each in ENDING:
            signal.signal(each, self._tell)
        signal.signal(signal.SIGCHLD, lambda _signal, _frame: None)
        self._start_due()

    def run(self) -> int:
        """Supervise until SIGTERM, and then until the last answer; return the exit code."""
        while self._workers or not self._told:
            if self._told and self._stop_at == math.inf:
                self._stop()
            self._start_due()
            if select.select([self._woken], [], [], PAUSE_SECONDS)[0]:
                os.read(self._woken, 4096)
            self._bury()
            self._kill_silent()
        return 0

    def _tell(self, _signal: int, _frame: FrameType | None) -> None:
        self._told = True

    def _stop(self) -> None:
        self._stop_at = time.monotonic() + STOP_SECONDS
        self._due.clear()
        for listener in self._listeners:
            listener.close()
        for pid in self._workers:
            os.kill(pid, signal.SIGTERM)

    def _start_due(self) -> None:
        for number in [number for number, due in self._due.items() if due <= time.monotonic()]:
            del self._due[number]
            self._board.born(number)
            signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
            pid = os.fork()
            if pid == 0:
                self._be_worker(number)
            self._workers[pid] = number
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    def _be_worker(self, number: int) -> NoReturn:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(0))
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C: the supervisor passes it on
            os.close(self._hold)
            own = self._listeners[number]
            for other in self._listeners:
                if other is not own:  # it would stay open when its own worker closes it
                    other.close()
            code = self._work(number, own, self._lifeline)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            log.exception("Worker %d failed.", number)
        finally:
            sys.stderr.flush()
            os._exit(code)  # not sys.exit: what the supervisor has to do at its own end is not for its copies

    def _bury(self) -> None:
        """Note which workers have ended, and when another is to take their place: later if they keep ending."""
        while self._workers:
            pid, status = os.waitpid(-1, os.WNOHANG)  # as process 1 of a container, also others' children
            if pid == 0:
                return
            number = self._workers.pop(pid, None)
            if number is None or self._told:
                continue
            log.error("Worker %d ended (%d); another takes its place.", number, os.waitstatus_to_exitcode(status))
            lived = self._board.lived(number)
            self._pauses[number] = (
                FIRST_PAUSE_SECONDS if lived > 1 else min(2 * self._pauses[number], LONGEST_PAUSE_SECONDS)
            )
            self._due[number] = time.monotonic() + self._pauses[number]

    def _kill_silent(self) -> None:
        late = time.monotonic() > self._stop_at
        for pid, number in self._workers.items():
            if late or self._board.silence(number) > HUNG_SECONDS:
                log.error("Worker %d does not answer: it is killed.", number)
                os.kill(pid, signal.SIGKILL)
