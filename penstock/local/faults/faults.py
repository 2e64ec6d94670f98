"""What goes wrong on purpose: asked by the gateway for each call, and by the services for what is no call."""

import threading
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from werkzeug.wrappers import Response

from penstock.local.clock import Clock
from penstock.local.faults.board import Board
from penstock.local.faults.consistency import Lateness
from penstock.local.faults.crashes import Crashes
from penstock.local.faults.errors import denied, throttled
from penstock.local.faults.fault import Fault, matches
from penstock.local.faults.found import EndpointFault, HookFault, JobFault, ServingFault
from penstock.local.gateway.app import LostResponseError, PlannedError
from penstock.local.gateway.requests import Call
from penstock.local.service import Caller, JsonObject

_ENDS = {"fail": "Failed", "stop": "Stopped", "hang": "Hang", "fill": "FillDisk"}
_REFUSED = ("deny", "throttle", "error", "timeout")


class Faults:
    """A plan of faults, and how much of it is left; safe to use from several threads.

    Whoever asks for a fault and gets one has used it up, once.
    """

    def __init__(self, *, clock: Clock | None = None, region: str = "us-east-1", log: Path | None = None) -> None:
        self._clock = clock or Clock()
        self._board = Board(log)
        self._crashes = Crashes()
        self._lateness = Lateness(region)
        self._lock = threading.Lock()
        self._shown: dict[str, tuple[str, float]] = {}  # endpoint → the status that it shows, and until when
        self._closed = threading.Event()

    def plan(self, faults: Iterable[Fault]) -> list[int]:
        """Add faults to the plan; return their ids."""
        return self._board.add(faults)

    def forget(self, ids: Collection[int] | None = None) -> None:
        """Take faults out of the plan, or all of them."""
        self._board.remove(ids)

    def described(self) -> list[JsonObject]:
        """Return the plan: each fault's `id`, its line `fault`, and where it was `met` so far."""
        return self._board.described()

    def serve(self, asked: JsonObject) -> JsonObject:
        """Serve what `penstock.local.control.Connection.faults` asks."""
        if asked.get("forget") != []:
            self.forget(asked.get("forget"))
        planned = self.plan(Fault(**given) for given in asked.get("plan", ()))
        return {"planned": planned, "faults": self.described()}

    def close(self) -> None:
        """Let what waits for a time-out go on."""
        self._closed.set()

    def before(self, call: Call, caller: Caller) -> Response | None:
        """Let a call come to grief before it has had an effect; or return the answer that it gets instead.

        Raises:
            PlannedError: what AWS answers then.
            LostResponseError: no answer comes.
        """
        if self._board.empty:
            return None
        with self._lock:
            former = self._lateness.look(call, caller)
        if former is not None:
            return former
        fault = self._take(_REFUSED, call, caller)
        if fault is None:
            return None
        if fault.fault == "timeout":
            self._closed.wait(fault.seconds)
            raise LostResponseError("Timeout (planned fault)")
        if fault.fault == "deny":
            raise denied(call, caller)
        if fault.fault == "throttle":
            raise throttled(call)
        raise PlannedError(fault.code, fault.message, fault.http)

    def after(self, call: Call, caller: Caller, response: Response) -> None:
        """Let a call that was answered come to grief after it has had its effect.

        Raises:
            LostResponseError: the answer does not come.
        """
        if self._board.empty:
            return
        if self._crashes.called(caller):
            raise LostResponseError("LostResponse (its caller crashed, a planned fault)")
        if not response.status_code < 400:  # noqa: PLR2004  it had no effect
            return
        with self._lock:
            if self._board.waiting("delay"):
                self._lateness.seen(call, response)
                if (fault := self._take(("delay",), call, caller)) is not None:
                    self._lateness.begin(call, self._clock.real(fault.seconds or 0))
        if self._take(("lose",), call, caller) is not None:
            raise LostResponseError("LostResponse (planned fault)")

    def job(self, kind: str, name: str) -> JobFault | None:
        """Take how a job is to go wrong whose program would start now.

        Args:
            kind: training, processing, transform or tuning.
            name: the job's.
        """
        fault = self._board.take(
            _ENDS, f"{kind} job {name}", lambda fault: fault.job == kind and matches(fault.name, name)
        )
        if fault is None:
            return None
        end = _ENDS[fault.fault]
        return JobFault(end, fault.reason) if fault.reason else JobFault(end)  # type: ignore[arg-type]

    def interruption(self, name: str) -> float | None:
        """Take after how many seconds a training job loses its spot instances whose program starts now."""
        fault = self._board.take(("interrupt",), f"training job {name}", lambda fault: matches(fault.name, name))
        return None if fault is None else fault.seconds or 0.0

    def endpoint(self, name: str, moment: str) -> EndpointFault | None:
        """Take how a deployment is to go wrong that begins now; `moment` is create or update."""
        fault = self._board.take(
            ("endpoint",),
            f"{moment} endpoint {name}",
            lambda fault: fault.moment in {"", moment} and matches(fault.name, name),
        )
        if fault is None:
            return None
        return EndpointFault(fault.status, fault.seconds or 0, fault.reason or "a planned fault")

    def status(self, name: str) -> str | None:
        """Return the status that an endpoint is to show now, whatever its own is; it is not used up."""
        with self._lock:
            status, until = self._shown.get(name, ("", 0.0))
            now = self._clock.now().timestamp()
            if now < until:
                return status
            fault = self._board.take(
                ("endpoint",),
                f"endpoint {name}",
                lambda fault: fault.moment == "entry" and matches(fault.name, name),
            )
            if fault is None:
                return None
            self._shown[name] = fault.status, now + (fault.seconds or 0)
            return fault.status

    def hook(self, name: str) -> HookFault | None:
        """Take how the invocation of a function is to crash that begins now."""
        fault = self._board.take(
            ("crash",), f"function {name}", lambda fault: matches(fault.hook, name) or name.endswith(f"-{fault.hook}")
        )
        return None if fault is None else HookFault(fault.moment, fault.call, fault.seconds)  # type: ignore[arg-type]

    def during(self, function: str, fault: HookFault, kill: Callable[[], None]) -> AbstractContextManager[None]:
        """Have `kill` called while a function runs, when the fault says; the function may end before that."""
        return self._crashes.armed(function, fault, kill)

    def serving(self, endpoint: str) -> ServingFault | None:
        """Take when the process is to be killed that has just come in service."""
        fault = self._board.take(("kill",), f"instance of {endpoint}", lambda fault: matches(fault.endpoint, endpoint))
        return None if fault is None else ServingFault(fault.seconds or 0)

    def _take(self, kinds: Collection[str], call: Call, caller: Caller) -> Fault | None:
        operation = f"{call.service}:{call.operation.name}"
        role = caller.role.rpartition("/")[2]

        def fits(fault: Fault) -> bool:
            values = [value for value in call.parameters.values() if isinstance(value, str)]
            return (
                matches(fault.operation, operation)
                and matches(fault.role, role)
                and (fault.name == "*" or matches(fault.name, *values))
            )

        return self._board.take(kinds, f"{operation} by {caller.name}", fits)
