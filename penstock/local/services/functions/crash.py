"""An invocation, which a plan of faults may have crash."""

from penstock.local.faults import Faults
from penstock.local.service import JsonObject
from penstock.local.services.functions.sandbox import Answer, Sandbox


def invoke(sandbox: Sandbox, request: JsonObject, seconds: float, *, function: str, faults: Faults) -> Answer:
    """Call the handler, unless its process is to crash before that; see `Sandbox.invoke`.

    A process that is to crash, and has not by the end, is killed then: its answer is lost.
    """
    fault = faults.hook(function)
    if fault is None:
        return sandbox.invoke(request, seconds)
    if fault.moment == "after":
        sandbox.invoke(request, seconds)
    elif fault.moment == "during":
        with faults.during(function, fault, sandbox.kill):
            sandbox.invoke(request, seconds)
    sandbox.kill()
    return sandbox.invoke(request, seconds)  # what Lambda says of a process that is dead
